/** Draws the slip and its total; the tender and the sales before have modules of their own. */

import { drawBeside } from "./beside.js";
import { drawSales } from "./draw_sales.js";
import { drawTender } from "./draw_tender.js";
import { at, make } from "./make.js";
import { money, roundedDown } from "./money.js";
import { count } from "./slip.js";
import { dueInCash, paidOutside } from "./tender.js";

/** @param {import("./till.js").Till} till */
export function draw(till) {
  const held = heldFocus();
  const { slip } = till;
  Object.assign(document.body.dataset, { mode: slip.mode, empty: slip.lines.length ? "no" : "yes" });
  drawTypes(till);
  drawLines(till);
  drawBeside(till);
  drawTotal(till);
  drawTender(till);
  drawSales(till);
  drawAside(till);
  at("prints-each").setAttribute("aria-pressed", String(till.kept.printsEach));
  held();
}

/** Remember which button has the focus: drawn anew, it has it again. */
function heldFocus() {
  const { dataset = {} } = /** @type {HTMLElement} */ (document.activeElement ?? {});
  const [name, value] = Object.entries(dataset)[0] ?? [];
  return () => {
    if (!name || document.activeElement !== document.body) return;
    const same = [...document.querySelectorAll("aside button")].find((one) => /** @type {HTMLElement} */ (one).dataset[name] === value);
    /** @type {HTMLElement | undefined} */ (same)?.focus();
  };
}

/** Slips that were put aside, where the next one would begin. @param {import("./till.js").Till} till */
function drawAside({ kept, slip }) {
  const found = slip.mode === "slip" ? kept.aside() : [];
  at("aside").replaceChildren(...found.map((one) => make("li", {},
    make("button", { type: "button", class: "plain", "data-aside": one.id }, `${one.words} `, make("small", { class: "num" }, one.at)))));
  at("aside-head").hidden = !found.length;
}

/** @param {import("./till.js").Till} till */
function drawTypes({ slip }) {
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#types [data-type]"))) {
    const line = slip.lines.find((one) => one.id === row.dataset.type);
    row.classList.toggle("on", Boolean(line));
  }
}

/** @param {import("./till.js").Till} till */
function drawLines(till) {
  const { slip, types, currency } = till;
  at("lines").replaceChildren(...slip.lines.map((line) => {
    const type = types.get(line.id);
    const meant = line.id === slip.last && slip.mode === "slip";
    const quantity = meant && slip.counting !== null ? slip.counting || "…" : String(line.quantity);
    const name = type?.name ?? "Ticket";
    const counted = make("button", { type: "button", class: "count", "data-line": line.id, "aria-label": `${quantity} ${name}: change how many` }, quantity);
    return make("li", { class: `line num${meant ? " meant" : ""}` }, counted, make("span", {}, name),
      make("span", {}, money((type?.price_cents ?? 0) * line.quantity, currency)));
  }));
  at("nothing").hidden = slip.lines.length > 0;
  at("minus").hidden = !slip.lines.length || slip.mode !== "slip" || slip.counting !== null;
  at("undo").hidden = !slip.before.length || slip.mode !== "slip";
  at("vat").textContent = vatWords(till);
}

/** The server's figure once it has said one. @param {import("./till.js").Till} till */
function vatWords(till) {
  const here = till.priced();
  const said = till.hold && [...till.hold.lines, ...till.hold.fees];
  const vat = said ? said.reduce((sum, one) => sum + one.vat_cents, 0) : here.vat;
  const rate = here.rates.length === 1 ? ` ${here.rates[0] / 100}%` : "";
  return vat ? `VAT${rate} included ${money(vat, till.currency)}` : "";
}

/** @param {import("./till.js").Till} till */
function drawTotal(till) {
  const { slip, currency, hold } = till;
  const total = hold?.total_cents ?? till.total();
  const known = { keys: {}, due: hold?.cash_total_cents ?? roundedDown(total, till.rounding), total, step: till.rounding };
  const rest = total - paidOutside(slip);
  const due = dueInCash(slip, known) ?? 0;
  const inCash = slip.mode === "cash";
  const some = slip.taken || slip.parts.length;
  at("due-words").textContent = !inCash ? (some ? "Still to pay" : "To pay") : some ? "Still to take" : "To take in cash";
  at("due").textContent = money(inCash ? due - slip.taken : rest - slip.taken, currency);
  at("rounding").textContent = inCash && rest !== due ? `rounded down from ${money(rest, currency)}` : "";
  at("said").textContent = slip.lines.length ? `${count(slip)} on the slip, ${money(total, currency)}` : "";
}
