/** Draws what takes the money: the way into the tender, the amount given, the change, and the pad for fingers. */

import { at, button, make } from "./make.js";
import { amount, likely, money, roundedDown } from "./money.js";
import { count } from "./slip.js";

/** @typedef {import("./till.js").Till} Till */

/** @param {Till} till */
export function drawTender(till) {
  const { slip } = till;
  const parts = slip.mode === "cash" ? cash(till) : slip.counting !== null ? counting() : closed(till);
  at("tender").replaceChildren(...parts);
}

/** @param {Till} till */
function closed(till) {
  const some = count(till.slip) > 0;
  const words = !some ? "Choose tickets" : till.total() === 0 ? "Give out, free" : "Cash";
  const open = button(words, "Enter", "Enter", "main big");
  /** @type {HTMLButtonElement} */ (open).disabled = !some;
  return [open];
}

const counting = () => [make("p", { class: "soft", role: "status" }, "How many?"), pad("0"), button("That many", "Enter", "Enter", "main big")];

/** @param {Till} till */
function cash(till) {
  const { slip, currency, hold } = till;
  const due = (hold?.cash_total_cents ?? roundedDown(till.total(), till.rounding)) - slip.taken;
  const given = slip.typed ? amount(slip.typed) : due;
  const change = given - due;
  const sums = likely(due).map((sum) => make("button", { type: "button", class: "num", "data-take": String(sum) }, money(sum, currency)));
  const rows = [figures(till, given, change), take(till, given, change), make("div", { class: "sums" }, ...sums), pad("."), button("Back to the slip", "Escape", "Esc", "plain")];
  return slip.early ? [waiting(till), button("Back to the slip", "Escape", "Esc", "plain")] : rows;
}

/** @param {Till} till @param {number} given @param {number} change */
function figures({ slip, currency }, given, change) {
  const left = change < 0 ? ["Still to come", -change] : ["Change", change];
  return make("dl", { class: "given num" },
    make("dt", {}, slip.typed ? "Given" : "Given, exact"), make("dd", {}, money(given, currency)),
    make("dt", {}, String(left[0])), make("dd", { class: change < 0 ? "wait" : "go" }, money(Number(left[1]), currency)));
}

/** @param {Till} till @param {number} given @param {number} change */
function take({ slip, currency }, given, change) {
  const part = `Take ${money(given, currency)} as a part`;
  const whole = `Take ${money(given, currency)} cash`;
  const main = button(slip.asked ? `Yes, give ${money(change, currency)} change` : change < 0 ? part : whole, "Enter", "Enter", "main big");
  if (!slip.asked) return main;
  const asks = make("p", { role: "alert" }, `${money(change, currency)} change: is that right?`);
  return make("div", { class: "asks" }, asks, main);
}

/** @param {Till} till */
function waiting(till) {
  const words = till.sales.saving ? "The sale before is being saved; this one follows by itself." : "The tickets are being held; the sale follows by itself.";
  return make("p", { class: "waiting", role: "status" }, words);
}

/** A pad for fingers. @param {string} left what stands left of the 0 */
function pad(left) {
  const keys = [..."789456123", left === "." ? "." : "−", "0", "⌫"];
  const named = { "⌫": ["Backspace", "Delete"], ".": [".", "Point"], "−": ["Escape", "Leave it as it was"] };
  return make("div", { class: "pad", role: "group", "aria-label": "Number pad" }, ...keys.map((key) => {
    const [press, words] = named[key] ?? [key, key];
    return make("button", { type: "button", class: "num", "data-press": press, "aria-label": words }, key === "−" ? "×" : key);
  }));
}
