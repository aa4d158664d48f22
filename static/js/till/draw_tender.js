/** Draws what takes the money: the way into the tender, the amount given, the change, and the pad for fingers. */

import { at, button, make } from "./make.js";
import { amount, likely, money, roundedDown } from "./money.js";
import { count } from "./slip.js";
import { dueInCash, leftOutside, onThisCard } from "./tender.js";

/** @typedef {import("./till.js").Till} Till */

/** @param {Till} till */
export function drawTender(till) {
  const { slip } = till;
  const drawn = { slip: slip.counting !== null ? counting : closed, cash, card, other }[slip.mode](till);
  at("tender").replaceChildren(...(slip.early ? [waiting(till), back()] : drawn));
}

/** @param {Till} till */
function closed(till) {
  const some = count(till.slip) > 0;
  const words = !some ? "Choose tickets" : till.total() === 0 ? "Give out, free" : "Cash";
  const open = button(words, "Enter", "Enter", "main big");
  /** @type {HTMLButtonElement} */ (open).disabled = !some;
  const others = [button("Card", "+", "+"), button("Other", "/", "/"), button("Aside", "Escape", "Esc", "plain")];
  return some && till.total() ? [open, make("div", { class: "ways" }, ...others)] : [open];
}

const counting = () => [make("p", { class: "soft", role: "status" }, "How many?"), pad("0"), button("That many", "Enter", "Enter", "main big")];

const back = () => button("Back to the slip", "Escape", "Esc", "plain");

/** The ways to pay, to be chosen by touch. @param {Till} till */
function ways({ slip }) {
  const words = { cash: ["Cash", "⌫"], card: ["Card", "+"], other: ["Other", "/"] };
  return make("div", { class: "ways", role: "group", "aria-label": "How it is paid" }, ...Object.entries(words).map(([mode, [name, key]]) =>
    make("button", { type: "button", "data-tender": mode, "aria-pressed": String(mode === slip.mode) }, name, " ", make("kbd", {}, key))));
}

/** @param {Till} till */
function known(till) {
  const total = till.hold?.total_cents ?? till.total();
  return { keys: {}, due: till.hold?.cash_total_cents ?? roundedDown(total, till.rounding), total, step: till.rounding };
}

/** @param {Till} till */
function cash(till) {
  const { slip, currency } = till;
  const due = (dueInCash(slip, known(till)) ?? 0) - slip.taken;
  const given = slip.typed ? amount(slip.typed) : due;
  const change = given - due;
  const sums = likely(due).map((sum) => make("button", { type: "button", class: "num", "data-take": String(sum) }, money(sum, currency)));
  return [ways(till), figures(till, given, change), take(till, given, change), make("div", { class: "sums" }, ...sums), pad("."), back()];
}

/** @param {Till} till */
function card(till) {
  const { slip, currency } = till;
  const asked = onThisCard(slip, known(till));
  if (slip.part && !slip.part.done) return [part(till), pad("."), button("This card pays that", "Enter", "Enter", "main big")];
  const rows = make("dl", { class: "given num" },
    make("dt", {}, "On the card"), make("dd", {}, money(asked, currency)),
    make("dt", {}, "Slip number"), make("dd", {}, slip.typed || "…"));
  const outcomes = make("div", { class: "ways" }, button("Declined", "-", "−"), button("Not sure", "/", "/"), button("A part", "*", "*"));
  return [ways(till), rows, button(`Approved: ${money(asked, currency)}`, "Enter", "Enter", "main big"), outcomes, pad("*"), back()];
}

/** @param {Till} till */
function part({ slip, currency }) {
  const typed = Math.round(Number(slip.part?.typed || 0) * 100);
  return make("dl", { class: "given num" }, make("dt", {}, "How much on this card?"), make("dd", {}, money(typed, currency)));
}

/** @param {Till} till */
function other(till) {
  const { slip, currency, ways: offered } = till;
  const rest = leftOutside(slip, known(till));
  const rows = make("dl", { class: "given num" }, make("dt", {}, "To be paid"), make("dd", {}, money(rest, currency)));
  const none = make("p", { class: "soft" }, "No other way to pay is set up. An owner adds one under Set-up, Gateways.");
  const choices = offered.map((way, index) => button(way.name, String(index + 1), String(index + 1), index ? "" : "main"));
  return [ways(till), rows, ...(choices.length ? choices : [none]), back()];
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
  const keys = [..."789456123", left === "0" ? "−" : left, "0", "⌫"];
  const named = { "⌫": ["Backspace", "Delete"], ".": [".", "Point"], "*": ["*", "This card pays a part"], "−": ["Escape", "Leave it as it was"] };
  return make("div", { class: "pad", role: "group", "aria-label": "Number pad" }, ...keys.map((key) => {
    const [press, words] = named[key] ?? [key, key];
    return make("button", { type: "button", class: "num", "data-press": press, "aria-label": words }, key === "−" ? "×" : key);
  }));
}
