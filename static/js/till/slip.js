/**
 * The slip: what is being sold, as a pure function of what was pressed. Nothing here touches page or network.
 *
 * @typedef {{id: string, quantity: number}} Line
 * @typedef {{do: string, tendered?: number}} Effect
 * @typedef {object} Slip
 * @property {"slip" | "cash"} mode
 * @property {Line[]} lines
 * @property {Line[][]} before  what Backspace goes back to
 * @property {string | null} counting  digits of a quantity being typed
 * @property {string} typed  digits of an amount being typed
 * @property {number} taken  cents already on the counter, when the first amount was a part
 * @property {boolean} asked  large change was asked about
 * @property {boolean} early  Enter came before the hold's answer
 * @typedef {object} Known
 * @property {Record<string, {id: string, on_sale: boolean}>} keys  number → type
 * @property {number | null} due  cents, once the hold has answered
 */

import { LARGEST_NOTE, amount } from "./money.js";

export const MOST = 200;

/** @returns {Slip} */
export const fresh = () => ({
  mode: "slip", lines: [], before: [], counting: null, typed: "", taken: 0, asked: false, early: false,
});

/** @param {Slip} slip */
export const count = (slip) => slip.lines.reduce((sum, line) => sum + line.quantity, 0);

/** @param {string} key @returns {string} */
export function named(key) {
  if (key === "," || key === "Decimal") return ".";
  if (key === "−" || key === "Subtract") return "-";
  if (key === "Multiply" || key === "x" || key === "X") return "*";
  return key;
}

/**
 * Press a key.
 * @param {Slip} slip @param {string} pressed @param {Known} known @returns {{slip: Slip, effects: Effect[]}}
 */
export function press(slip, pressed, known) {
  const key = named(pressed);
  return slip.mode === "cash" ? inCash(slip, key, known) : onSlip(slip, key, known);
}

/** @param {Slip} slip @param {string} key @param {Known} known */
function onSlip(slip, key, known) {
  if (slip.counting !== null) return counting(slip, key, known);
  if (/^[1-9]$/.test(key)) return same(add(slip, known.keys[key]));
  if (key === "*" && slip.lines.length) return same({ ...slip, counting: "" });
  if (key === "-" && slip.lines.length) return same(set(slip, lastQuantity(slip) - 1));
  if (key === "Backspace" && slip.before.length) {
    return same({ ...slip, lines: slip.before[slip.before.length - 1], before: slip.before.slice(0, -1) });
  }
  if (key === "0") return { slip, effects: [{ do: "find" }] };
  if (key === "Enter" && slip.lines.length) return { slip: openCash(slip), effects: [{ do: "hold" }] };
  return same(slip);
}

/** @param {Slip} slip @param {string} key @param {Known} known */
function counting(slip, key, known) {
  const digits = slip.counting ?? "";
  if (/^\d$/.test(key)) return same({ ...slip, counting: (digits + key).slice(0, 3) });
  if (key === "Backspace") return same({ ...slip, counting: digits ? digits.slice(0, -1) : null });
  const done = { ...slip, counting: null };
  const applied = digits ? set(done, Number(digits)) : done;
  if (key === "Enter" || key === "*") return same(applied);
  return key === "Escape" ? same(done) : onSlip(applied, key, known);
}

/** @param {Slip} slip @param {string} key @param {Known} known */
function inCash(slip, key, known) {
  if (/^[\d.]$/.test(key)) return same({ ...slip, typed: typing(slip.typed, key), asked: false });
  if (key === "Backspace") return same({ ...slip, typed: slip.typed.slice(0, -1), asked: false });
  if (key === "Escape") return { slip: { ...slip, mode: "slip", ...noTender() }, effects: [{ do: "release" }] };
  return key === "Enter" ? tender(slip, known) : same(slip);
}

/** @param {Slip} slip @param {Known} known */
function tender(slip, known) {
  if (known.due === null) return same({ ...slip, early: true });
  const left = known.due - slip.taken;
  const given = slip.typed ? amount(slip.typed) : left;
  if (given < left) return same({ ...slip, taken: slip.taken + given, typed: "", early: false });
  const tendered = slip.taken + given;
  if (tendered - known.due >= LARGEST_NOTE && !slip.asked) return same({ ...slip, asked: true, early: false });
  return { slip: fresh(), effects: [{ do: "complete", tendered }] };
}

/** @param {string} typed @param {string} key */
function typing(typed, key) {
  if (key === "." && typed.includes(".")) return typed;
  const next = typed + key;
  return /^\d{0,6}(\.\d{0,2})?$/.test(next) ? next : typed;
}

const noTender = () => ({ typed: "", taken: 0, asked: false, early: false });

/** @param {Slip} slip @returns {Slip} */
const openCash = (slip) => ({ ...slip, mode: "cash", ...noTender() });

/** @param {Slip} slip @returns {{slip: Slip, effects: Effect[]}} */
const same = (slip) => ({ slip, effects: [] });

/** @param {Slip} slip */
const lastQuantity = (slip) => slip.lines[slip.lines.length - 1].quantity;

/** @param {Slip} slip @param {{id: string, on_sale: boolean} | undefined} type @returns {Slip} */
function add(slip, type) {
  if (!type || !type.on_sale || count(slip) >= MOST) return slip;
  const others = slip.lines.filter((line) => line.id !== type.id);
  const quantity = (slip.lines.find((line) => line.id === type.id)?.quantity ?? 0) + 1;
  return changed(slip, [...others, { id: type.id, quantity }]);
}

/** The last line becomes so many. @param {Slip} slip @param {number} quantity @returns {Slip} */
function set(slip, quantity) {
  const last = slip.lines[slip.lines.length - 1];
  const others = slip.lines.slice(0, -1);
  const most = MOST - others.reduce((sum, line) => sum + line.quantity, 0);
  const wanted = Math.min(quantity, most);
  return changed(slip, wanted > 0 ? [...others, { id: last.id, quantity: wanted }] : others);
}

/** @param {Slip} slip @param {Line[]} lines @returns {Slip} */
const changed = (slip, lines) => ({ ...slip, lines, before: [...slip.before, slip.lines].slice(-50) });
