/** A link's secret stands in the fragment, which no server and no log sees: post it, and take it out of the address. */

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-fragment]"));
const secret = location.hash.slice(1);
if (form && secret) {
  history.replaceState(null, "", location.pathname);
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("secret"));
  field.value = secret;
  form.requestSubmit();
}
