/**
 * The tender: which money pays for the slip, as a pure function of what was pressed. Cash, a card machine's slip, or
 * another way; a part of one beside a part of another. Nothing here touches page or network.
 *
 * @typedef {import("./slip.js").Slip} Slip
 * @typedef {import("./slip.js").Known} Known
 * @typedef {import("./slip.js").Pressed} Pressed
 * @typedef {{gateway: string, amount_cents: number, tendered_cents?: number, reference?: string, outcome?: string, method?: string}} Payment
 */

import { LARGEST_NOTE, amount, roundedDown } from "./money.js";

export const SHORTEST_SLIP_NUMBER = 4;
const LONGEST_SLIP_NUMBER = 12;

/** Nothing typed, nothing taken. @returns {Pick<Slip, "typed" | "taken" | "parts" | "part" | "asked" | "early" | "later" | "note">} */
export const noTender = () => ({ typed: "", taken: 0, parts: [], part: null, asked: false, early: null, later: [], note: "" });

/** What other ways than cash have paid. @param {Slip} slip */
export const paidOutside = (slip) => slip.parts.reduce((sum, part) => sum + part.amount_cents, 0);

/** What is due in cash in all, after the other parts; null before the hold's answer. @param {Slip} slip @param {Known} known */
export function dueInCash(slip, known) {
  if (known.due === null) return null;
  return slip.parts.length ? roundedDown((known.total ?? known.due) - paidOutside(slip), known.step ?? 1) : known.due;
}

/** What is left for another way than cash: exact, for only cash is rounded. @param {Slip} slip @param {Known} known */
export const leftOutside = (slip, known) => (known.total ?? known.due ?? 0) - paidOutside(slip) - slip.taken;

/** Press a key while a tender is open. @param {Slip} slip @param {string} key @param {Known} known @returns {Pressed} */
export function inTender(slip, key, known) {
  if (key === "Escape" && slip.early && !known.free) return same({ ...slip, early: null, later: [] });
  if (key === "Escape") return { slip: close(slip), effects: [{ do: "release" }] };
  if (slip.early) return same({ ...slip, later: [...slip.later, key] });
  if (slip.mode === "card") return inCard({ ...slip, note: "" }, key, known);
  return slip.mode === "other" ? inOther({ ...slip, note: "" }, key, known) : inCash({ ...slip, note: "" }, key, known);
}

/** Open another tender for what is left. @param {Slip} slip @param {"cash" | "card" | "other"} mode @returns {Slip} */
export const turnTo = (slip, mode) => ({ ...slip, mode, typed: "", part: null, asked: false });

/** Back to the slip, whatever was typed of a tender. @param {Slip} slip @returns {Slip} */
export const close = (slip) => ({ ...slip, mode: "slip", ...noTender() });

/** A key that takes money before the hold's answer is kept until it comes. @param {Slip} slip @param {string} key @returns {Pressed} */
const early = (slip, key) => same({ ...slip, early: key });

/** @param {Slip} slip @param {string} key @param {Known} known @returns {Pressed} */
function inCash(slip, key, known) {
  if (/^[\d.]$/.test(key)) return same({ ...slip, typed: typing(slip.typed, key), asked: false });
  if (key === "Backspace") return same({ ...slip, typed: slip.typed.slice(0, -1), asked: false });
  if (key === "+") return same(turnTo(withPart(slip, known), "card"));
  if (key === "/") return same(turnTo(withPart(slip, known), "other"));
  if (key !== "Enter") return same(slip);
  return known.due === null ? early(slip, key) : takeCash(slip, known);
}

/** What was typed is on the counter, the rest comes another way. @param {Slip} slip @param {Known} known @returns {Slip} */
function withPart(slip, known) {
  const left = (dueInCash(slip, known) ?? 0) - slip.taken;
  const given = amount(slip.typed);
  return given < left ? { ...slip, taken: slip.taken + given } : slip;
}

/** @param {Slip} slip @param {Known} known @returns {Pressed} */
function takeCash(slip, known) {
  const due = /** @type {number} */ (dueInCash(slip, known));
  const left = due - slip.taken;
  const given = slip.typed ? amount(slip.typed) : left;
  if (given < left) return same({ ...slip, taken: slip.taken + given, typed: "", asked: false });
  const tendered = slip.taken + given;
  if (tendered - due >= LARGEST_NOTE && !slip.asked) return same({ ...slip, asked: true });
  const total = known.total ?? known.due ?? 0;
  const rest = { gateway: "cash", amount_cents: total - paidOutside(slip), tendered_cents: tendered };
  return complete(slip, total ? [...slip.parts, rest] : [], tendered, due);
}

/** @param {Slip} slip @param {string} key @param {Known} known @returns {Pressed} */
function inCard(slip, key, known) {
  if (slip.part !== null && !slip.part.done) return parting(slip, key);
  if (/^\d$/.test(key)) return same({ ...slip, typed: (slip.typed + key).slice(0, LONGEST_SLIP_NUMBER) });
  if (key === "*" && !slip.typed) return same({ ...slip, part: { typed: "", done: false } });
  if (key === "Backspace") return same(slip.typed ? { ...slip, typed: slip.typed.slice(0, -1) } : turnTo(slip, "cash"));
  if (key === "-") return same({ ...slip, typed: "", note: "Declined: nothing was taken. Try another card, or another way." });
  if (key !== "/" && key !== "Enter") return same(slip);
  return known.due === null ? early(slip, key) : charged(slip, known, key === "/" ? "not_sure" : "approved");
}

/** An amount for this card, when it is to pay only a part. @param {Slip} slip @param {string} key @returns {Pressed} */
function parting(slip, key) {
  const part = /** @type {NonNullable<Slip["part"]>} */ (slip.part);
  if (/^[\d.]$/.test(key)) return same({ ...slip, part: { ...part, typed: typing(part.typed, key) } });
  if (key === "Backspace") return same({ ...slip, part: part.typed ? { ...part, typed: part.typed.slice(0, -1) } : null });
  if (key === "Enter" || key === "*") return same({ ...slip, part: part.typed ? { ...part, done: true } : null });
  return same(slip);
}

/** What this card pays: its part, or all that is left. @param {Slip} slip @param {Known} known */
export function onThisCard(slip, known) {
  const left = leftOutside(slip, known);
  const part = slip.part?.typed ? Math.round(Number(slip.part.typed) * 100) : left;
  return part > 0 && part < left ? part : left;
}

/** @param {Slip} slip @param {Known} known @param {"approved" | "not_sure"} outcome @returns {Pressed} */
function charged(slip, known, outcome) {
  if (outcome === "approved" && slip.typed.length < SHORTEST_SLIP_NUMBER) {
    return same({ ...slip, note: `Type the slip's number first: ${SHORTEST_SLIP_NUMBER} digits or more.` });
  }
  const reference = slip.typed || "no slip";
  return outside(slip, known, { gateway: "card", amount_cents: onThisCard(slip, known), reference, outcome });
}

/** @param {Slip} slip @param {string} key @param {Known} known @returns {Pressed} */
function inOther(slip, key, known) {
  if (key === "Backspace") return same(turnTo(slip, "cash"));
  if (key === "+") return same(turnTo(slip, "card"));
  const ways = known.ways ?? [];
  const way = key === "Enter" && ways.length === 1 ? ways[0] : ways[Number(key) - 1];
  if (!way) return same(slip);
  if (known.due === null) return early(slip, key);
  const payment = { gateway: way.gateway, amount_cents: leftOutside(slip, known), ...(way.method ? { method: way.method } : {}) };
  return outside(slip, known, payment);
}

/** Money of another way: the whole rest completes the sale, a part waits for the others. @param {Slip} slip @param {Known} known @param {Payment} payment @returns {Pressed} */
function outside(slip, known, payment) {
  if (payment.amount_cents < leftOutside(slip, known)) {
    return same({ ...turnTo(slip, "cash"), parts: [...slip.parts, payment] });
  }
  const cash = slip.taken ? [{ gateway: "cash", amount_cents: slip.taken, tendered_cents: slip.taken }] : [];
  return complete(slip, [...slip.parts, payment, ...cash], slip.taken, slip.taken);
}

/** @param {Slip} slip @param {Payment[]} payments @param {number} tendered cash on the counter @param {number} due in cash @returns {Pressed} */
const complete = (slip, payments, tendered, due) => ({ slip, effects: [{ do: "complete", tendered, payments, change: tendered - due }] });

/** @param {string} typed @param {string} key */
function typing(typed, key) {
  const next = typed + key;
  return /^\d{0,6}(\.\d{0,2})?$/.test(next) ? next : typed;
}

/** @param {Slip} slip @returns {Pressed} */
const same = (slip) => ({ slip, effects: [] });
