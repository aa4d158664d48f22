/** For whom the invoice of the sale just made is: asked on the paid screen, answered there, or left for the list. */

import { icon, make } from "./make.js";

/** @param {string} url the form; it is fetched when it is opened */
export function forWhom(url) {
  const inside = make("div", { class: "for-whom" });
  const box = /** @type {HTMLDetailsElement} */ (make("details", {}, make("summary", {}, icon("receipt"), " For whom is the invoice?"), inside));
  box.addEventListener("toggle", () => { if (box.open && !inside.childElementCount) load(url, inside); });
  // The page's own listener would send it once and leave; here the answer takes the form's place.
  inside.addEventListener("submit", (event) => { event.preventDefault(); event.stopPropagation(); send(event, inside); });
  return box;
}

/** @param {string} url @param {HTMLElement} inside @param {RequestInit} [more] */
async function load(url, inside, more = {}) {
  const answer = await fetch(url, { headers: { "HX-Request": "true" }, redirect: "error", ...more }).catch(() => null);
  if (!answer || (!answer.ok && answer.status !== 422)) {
    inside.replaceChildren(make("p", { role: "alert" }, "No answer. It waits in the list of invoices; nothing is lost."));
    return;
  }
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  inside.replaceChildren(holder.content);
  /** @type {HTMLElement | null} */ (inside.querySelector("[aria-invalid], input:not([type=hidden])"))?.focus();
}

/** @param {SubmitEvent} event @param {HTMLElement} inside */
function send(event, inside) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  load(form.action, inside, { method: "POST", body: new FormData(form) });
}
