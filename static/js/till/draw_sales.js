/** Draws what became of the sales before: the change to give, and those that are not confirmed. */

import { forWhom } from "./for_whom.js";
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
    ...(told.recipient_url ? [forWhom(told.recipient_url)] : []),
  ];
}

/** @param {any} told */
const deeds = (told) => make("div", { class: "acts" },
  make("button", { type: "button", "data-print": told.print_url }, icon("printer"), " Print ", make("kbd", {}, "P")),
  make("button", { type: "button", "data-codes": told.codes_url }, icon("qr-code"), " Codes ", make("kbd", {}, "Q")),
  make("a", { class: "button", href: told.receipt_url }, icon("receipt"), " Receipt"),
  ...(told.reverse_url ? [make("a", { class: "button", href: told.reverse_url }, icon("undo-2"), " Reverse ", make("kbd", {}, "⌫"))] : []));

/** A sale whose answer never came, or came late. @param {import("./sale.js").Sale} sale @param {string} currency */
function open(sale, currency) {
  const what = `${money(sale.due, currency)} (${sale.at}: ${sale.words})`;
  if (!sale.told && sale.waits?.redirect_url) return payer(sale, what);
  if (!sale.told && sale.waits?.needs_person) {
    return notice("wait", "status", "triangle-alert", make("b", {}, `The sale of ${what} waits for a person.`),
      " Nobody knows yet whether the money came. Keep the slip, do not sell it again: a manager decides under Needs a person.");
  }
  if (!sale.told) {
    return notice("stop", "alert", "triangle-alert", make("b", {}, `The sale of ${what} is not confirmed.`),
      " Keep the money aside, do not sell it again. Asking until it is known; the next sale can begin.");
  }
  const seen = make("button", { type: "button", "data-seen": sale.id }, "Seen");
  if (typeof sale.told.status === "string") {
    return notice("go", "status", "check", make("b", {}, `Sale ${sale.told.number}, ${what}, is confirmed.`),
      ` Change ${money(sale.told.change_cents, currency)}.`, deeds(sale.told), seen);
  }
  const inHand = sale.tendered ? [make("b", {}, `Give ${money(sale.tendered, currency)} back.`)] : [];
  return notice("stop", "alert", "triangle-alert", make("b", {}, `Not sold: ${what}.`), ` ${sale.told.detail ?? sale.told.title} `, ...inHand, seen);
}

/** The customer pays on their own phone: a code for its camera, and the link. @param {import("./sale.js").Sale} sale @param {string} what */
function payer(sale, what) {
  const code = make("img", { src: sale.waits.payer_code_url, alt: "Code of the page on which the customer pays", class: "payer" });
  const link = make("a", { href: sale.waits.redirect_url, target: "_blank", rel: "noopener noreferrer" }, "Open the page here");
  return notice("note", "status", "qr-code", make("b", {}, `The customer pays ${what} on their phone.`),
    " The tickets come by themselves; the next sale can begin. ", code, link);
}

/** @param {string} kind @param {string} role @param {string} sign @param {...(Node | string)} words */
const notice = (kind, role, sign, ...words) =>
  make("div", { class: `notice ${kind}`, role }, icon(sign), make("div", {}, ...words));
