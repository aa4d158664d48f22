/** Tickets on paper and codes on the screen, without leaving the till: the next key is the next sale's. */

import { proof } from "./server.js";
import { at, make } from "./make.js";

const FORMAT = "slip";

/** Fetch a page and take parts of it. @param {string} url @param {string} wanted a selector */
async function parts(url, wanted) {
  const answer = await fetch(url).catch(() => null);
  const page = new DOMParser().parseFromString(answer?.ok ? await answer.text() : "", "text/html");
  return [...page.querySelectorAll(wanted)];
}

/** Print the tickets of a sale, and record that they were printed: the next print says "copy". @param {string} url */
export async function printTickets(url) {
  const tickets = await parts(`${url}?format=${FORMAT}`, ".paper-ticket");
  if (!tickets.length) return;
  at("paper").replaceChildren(...tickets);
  print();
  const body = new URLSearchParams({ format: FORMAT });
  await fetch(`${url}s`, { method: "POST", body, headers: { "X-CSRF-Token": proof() }, redirect: "manual" }).catch(() => null);
}

/** Show a sale's codes large, for the customer's camera; any key closes them. @param {string} url */
export async function showCodes(url) {
  const dialog = /** @type {HTMLDialogElement} */ (at("codes"));
  const codes = await parts(url, ".large-codes");
  const close = make("button", { type: "button", class: "main", "data-close": "" }, "Done ", make("kbd", {}, "Esc"));
  dialog.replaceChildren(...(codes.length ? codes : [make("p", {}, "No answer from the server: try again.")]), close);
  close.addEventListener("click", () => dialog.close());
  dialog.showModal();
}
