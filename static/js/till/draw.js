/** Draws the slip, the tender and what became of the last sale. */

import { likely, money, roundedDown, vatIn, amount } from "./money.js";
import { count } from "./slip.js";

/** @param {string} tag @param {Record<string, string>} attributes @param {...(Node | string)} children */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {string} words @param {string} key @param {string} [face] */
const button = (words, key, face = "") =>
  make("button", { type: "button", class: face, "data-press": key }, words, " ", make("kbd", {}, key));

/** @param {import("./till.js").Till} till */
export function draw(till) {
  const { slip } = till;
  document.body.dataset.mode = slip.mode;
  drawLines(till);
  drawTender(till);
  drawLast(till);
  drawDoubts(till);
  for (const row of document.querySelectorAll("[data-type]")) {
    const chosen = slip.lines.some((line) => line.id === /** @type {HTMLElement} */ (row).dataset.type);
    row.classList.toggle("on", chosen);
  }
}

/** @param {import("./till.js").Till} till */
function drawLines(till) {
  const { slip, types, currency } = till;
  const lines = slip.lines.map((line, index) => {
    const type = types.get(line.id);
    const last = index === slip.lines.length - 1;
    const quantity = last && slip.counting !== null ? `${slip.counting || "…"}` : String(line.quantity);
    const counted = last ? make("button", { type: "button", class: "count", "data-press": "*", "aria-label": "Quantity" }, quantity)
      : make("b", {}, quantity);
    return make("li", { class: "line num" }, counted, make("span", {}, type?.name ?? "Ticket"),
      make("span", {}, money((type?.price_cents ?? 0) * line.quantity, currency)));
  });
  at("lines").replaceChildren(...lines);
  at("nothing").hidden = lines.length > 0;
  const vat = slip.lines.reduce((sum, line) => {
    const type = types.get(line.id);
    return sum + (type ? vatIn(type.price_cents * line.quantity, type.vat_rate_bp) : 0);
  }, 0);
  at("vat").textContent = vat ? `VAT ${till.vatRate / 100}% included ${money(vat, currency)}` : "";
  at("minus").hidden = !lines.length || slip.mode !== "slip";
  at("back").hidden = !slip.before.length || slip.mode !== "slip";
}

/** @param {import("./till.js").Till} till */
function drawTender(till) {
  const { slip, currency } = till;
  const total = till.total();
  const due = till.due() ?? roundedDown(total, till.rounding);
  const left = due - slip.taken;
  at("due-words").textContent = slip.mode === "cash" ? (slip.taken ? "Still to take" : "To take in cash") : "To pay";
  at("due").textContent = money(slip.mode === "cash" ? left : total, currency);
  at("rounding").textContent = total !== due && slip.mode === "cash" ? `rounded from ${money(total, currency)}` : "";
  const box = at("tender");
  if (slip.mode === "slip") {
    const open = button(count(slip) ? "Cash" : "Choose tickets", "Enter", "main big");
    /** @type {HTMLButtonElement} */ (open).disabled = !count(slip);
    box.replaceChildren(open);
    return;
  }
  const given = slip.typed ? amount(slip.typed) : left;
  const words = given < left ? `Take ${money(given, currency)}, ${money(left - given, currency)} still to come`
    : `Take ${money(given, currency)} cash`;
  const change = make("p", { class: "change num", role: "status" }, given > left ? `Change ${money(given - left, currency)}` : " ");
  const sums = make("div", { class: "sums" }, ...likely(left).map((sum) =>
    make("button", { type: "button", "data-take": String(sum), class: "num" }, money(sum, currency))));
  const pad = make("div", { class: "pad", "aria-label": "Amount" }, ..."789456123.0⌫".split("").map((key) =>
    make("button", { type: "button", "data-press": key === "⌫" ? "Backspace" : key, "aria-label": key === "⌫" ? "Delete" : key }, key)));
  const take = button(slip.asked ? `Yes: change ${money(given - left, currency)}` : words, "Enter", "main big");
  const asked = slip.asked ? [make("p", { class: "ask", role: "alert" }, `Change of ${money(given - left, currency)}: is that right?`)] : [];
  const waiting = slip.early ? [make("p", { class: "soft small", role: "status" }, "A moment: the tickets are being held")] : [];
  box.replaceChildren(change, ...asked, ...waiting, take, sums, pad, button("Back", "Esc"));
}

/** @param {import("./till.js").Till} till */
function drawLast(till) {
  const box = at("last");
  const { last, sales } = till;
  if (sales.saving) {
    box.hidden = false;
    box.replaceChildren(make("p", { role: "status" }, "Saving the sale…"),
      make("strong", { class: "num" }, money(sales.saving.tendered - sales.saving.amount, till.currency)),
      make("span", { class: "soft" }, "change"));
    return;
  }
  box.hidden = !last;
  if (!last) return;
  const tickets = last.tickets.length === 1 ? "1 ticket" : `${last.tickets.length} tickets`;
  box.replaceChildren(
    make("p", { class: "go", role: "status" }, `Sale ${last.number} is paid: ${tickets}`),
    make("strong", { class: "num" }, money(last.change_cents, till.currency)),
    make("span", { class: "soft" }, "change"),
    make("div", { class: "acts" },
      make("a", { class: "button", href: last.print_url, "data-own-keys": "", target: "_blank" }, "Print ", make("kbd", {}, "P")),
      make("a", { class: "button", href: last.codes_url, "data-own-keys": "", target: "_blank" }, "Codes ", make("kbd", {}, "Q")),
      make("a", { class: "button", href: last.receipt_url, "data-own-keys": "", target: "_blank" }, "Receipt")),
  );
}

/** @param {import("./till.js").Till} till */
function drawDoubts(till) {
  const doubts = [...till.sales.unconfirmed.values()].map((sale) => make("p", { class: "notice stop", role: "alert" },
    `The sale of ${money(sale.amount, till.currency)} (${sale.at}) is not confirmed: keep the money aside, do not sell it again. Asking again…`));
  if (till.refusal) doubts.push(make("p", { class: "notice wait", role: "alert" }, till.refusal));
  at("doubts").replaceChildren(...doubts);
}
