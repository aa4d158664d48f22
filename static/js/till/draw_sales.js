/** Draws what became of the sales before: the change to give, and those that are not confirmed. */

import { at, icon, make } from "./make.js";
import { money } from "./money.js";

/** @typedef {import("./till.js").Till} Till */

/** @param {Till} till */
export function drawSales(till) {
  const box = at("last");
  const parts = till.sales.saving ? saving(till, till.sales.saving) : till.paid ? paid(till.paid, till.currency) : [];
  box.hidden = !parts.length;
  box.classList.toggle("being-saved", Boolean(till.sales.saving));
  if (box.dataset.of !== key(till)) box.replaceChildren(...parts);
  box.dataset.of = key(till);
  const refusal = till.refusal ? [notice("wait", "alert", "triangle-alert", till.refusal)] : [];
  at("doubts").replaceChildren(...[...till.sales.open.values()].map((sale) => open(sale, till.currency)), ...refusal);
}

/** What the box is about: it is drawn once, so that a screen reader says it once. @param {Till} till */
const key = (till) => till.sales.saving?.id ?? (till.paid ? `${till.paid.id} paid` : "");

/** @param {Till} till @param {import("./sale.js").Sale} sale */
const saving = (till, sale) => [make("p", { role: "status" }, `Saving the sale of ${money(sale.due, till.currency)}…`)];

/** @param {any} told @param {string} currency */
function paid(told, currency) {
  const tickets = told.tickets.length === 1 ? "1 ticket" : `${told.tickets.length} tickets`;
  return [
    make("p", { role: "status", class: "num" }, icon("check"), ` Sale ${told.number} paid, ${tickets}. Change`),
    make("strong", { class: "num" }, money(told.change_cents, currency)),
    deeds(told),
  ];
}

/** @param {any} told */
const deeds = (told) => make("div", { class: "acts" },
  make("button", { type: "button", "data-print": told.print_url }, icon("printer"), " Print ", make("kbd", {}, "P")),
  make("button", { type: "button", "data-codes": told.codes_url }, icon("qr-code"), " Codes ", make("kbd", {}, "Q")),
  make("a", { class: "button", href: told.receipt_url }, icon("receipt"), " Receipt"));

/** A sale whose answer never came, or came late. @param {import("./sale.js").Sale} sale @param {string} currency */
function open(sale, currency) {
  const what = `${money(sale.due, currency)} (${sale.at}: ${sale.words})`;
  if (!sale.told) {
    return notice("stop", "alert", "triangle-alert", make("b", {}, `The sale of ${what} is not confirmed.`),
      " Keep the money aside, do not sell it again. Asking until it is known; the next sale can begin.");
  }
  const seen = make("button", { type: "button", "data-seen": sale.id }, "Seen");
  if (typeof sale.told.status === "string") {
    return notice("go", "status", "check", make("b", {}, `Sale ${sale.told.number}, ${what}, is confirmed.`),
      ` Change ${money(sale.told.change_cents, currency)}.`, deeds(sale.told), seen);
  }
  return notice("stop", "alert", "triangle-alert", make("b", {}, `Not sold: ${what}.`), ` ${sale.told.detail ?? sale.told.title} `,
    make("b", {}, `Give ${money(sale.tendered, currency)} back.`), seen);
}

/** @param {string} kind @param {string} role @param {string} sign @param {...(Node | string)} words */
const notice = (kind, role, sign, ...words) =>
  make("div", { class: `notice ${kind}`, role }, icon(sign), make("div", {}, ...words));
