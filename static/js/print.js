/** Prints first, then records that it was printed. */
for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-print-first]"))) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.printed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form.dataset.printed = "yes";
    addEventListener("afterprint", () => form.requestSubmit(), { once: true });
    print();
  }, { capture: true });
}
