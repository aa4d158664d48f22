/** What every page does: htmx carries the proof, menus close, forms are sent once and begin where they are wrong, the bar shows where one is. */

const proof = document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";

document.addEventListener("htmx:config:request", (event) => {
  const headers = event.detail?.ctx?.request?.headers ?? event.detail?.headers;
  if (headers) headers["X-CSRF-Token"] = proof;
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute("open");
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) menu.removeAttribute("open");
});

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.dataset.sent) event.preventDefault();
  if (form.method === "post") form.dataset.sent = "yes";
  for (const one of form.querySelectorAll("[data-while]")) one.textContent = one.getAttribute("data-while"); // it takes a while
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete /** @type {HTMLElement} */ (form).dataset.sent;
  for (const one of document.querySelectorAll("[data-while]")) one.textContent = "";
});

// A form that came back begins where it is wrong; an error without a field of its own lends the next field its place.
const FIELDS = ":is(input:not([type=hidden]), textarea, select)";
/** @type {HTMLElement | null} */ (document.querySelector(`.wrong ${FIELDS}, .wrong + * ${FIELDS}`))?.focus();

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());

// A phone has room for four places: the one that one is at is among them.
document.querySelector(".bar nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
