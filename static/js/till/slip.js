/**
 * The slip: what is being sold, as a pure function of what was pressed. Nothing here touches page or network.
 *
 * @typedef {{id: string, quantity: number}} Line
 * @typedef {{do: "hold" | "release" | "find" | "aside" | "complete" | "replay", tendered?: number, change?: number, payments?: import("./tender.js").Payment[], keys?: string[]}} Effect
 * @typedef {object} Slip
 * @property {"slip" | "cash" | "card" | "other"} mode
 * @property {Line[]} lines
 * @property {string | null} last  the line that `*` and `−` mean
 * @property {{lines: Line[], last: string | null}[]} before  what Backspace goes back to
 * @property {string | null} counting  digits of a quantity being typed
 * @property {string} typed  digits of an amount, or of a card machine's slip, being typed
 * @property {import("./tender.js").Payment[]} parts  what other ways than cash have paid of it
 * @property {{typed: string, done: boolean} | null} part  what the next card is to pay, when not all
 * @property {string} note  what the clerk must know of the last key
 * @property {number} taken  cents already on the counter, when the first amount was a part
 * @property {boolean} asked  large change was asked about
 * @property {string | null} early  the key that takes the money, when it came before the hold's answer
 * @property {string[]} later  keys pressed after that Enter: they are the next slip's
 * @typedef {object} Known
 * @property {Record<string, {id: string, on_sale: boolean}>} keys  number → type
 * @property {number | null} due  cents in cash, once the hold has answered and the sale before is saved
 * @property {number} [total]  cents, exact
 * @property {number} [step]  what cash is rounded down to, in cents
 * @property {{gateway: string, name: string, method?: string}[]} [ways]  other ways to pay, in the order of their keys
 * @property {boolean} [free]  the slip comes to nothing
 * @typedef {{slip: Slip, effects: Effect[]}} Pressed
 */

import { inTender, noTender } from "./tender.js";

export const MOST = 200;
const STEPS_BACK = 50;
/** @type {Record<string, "cash" | "card" | "other">} */
const TENDERS = { Enter: "cash", "+": "card", "/": "other" };

/** @returns {Slip} */
export const fresh = () => ({ mode: "slip", lines: [], last: null, before: [], counting: null, ...noTender() });

/** @param {Slip} slip */
export const count = (slip) => slip.lines.reduce((sum, line) => sum + line.quantity, 0);

/** @param {string} key @returns {string} */
export function named(key) {
  if (key === "," || key === "Decimal") return ".";
  if (key === "−" || key === "Subtract") return "-";
  if (key === "Add") return "+";
  if (key === "Divide") return "/";
  if (key === "Multiply" || key.toLowerCase() === "x") return "*";
  return key;
}

/** Press a key. @param {Slip} slip @param {string} pressed @param {Known} known @returns {Pressed} */
export function press(slip, pressed, known) {
  const key = named(pressed);
  return slip.mode === "slip" ? onSlip(slip, key, known) : begun(inTender(slip, key, known));
}

/** Touch a line: it is the one that is meant now. @param {Slip} slip @param {string} id @returns {Slip} */
export const pick = (slip, id) => ({ ...slip, last: id, counting: null });

/** A slip whose money is on its way makes room for the next. @param {Pressed} pressed @returns {Pressed} */
const begun = ({ slip, effects }) => ({ slip: effects.some((effect) => effect.do === "complete") ? fresh() : slip, effects });

/** The hold has answered: do what an early Enter wanted; what followed it is the next slip's. @param {Slip} slip @param {Known} known @returns {Pressed} */
export function answered(slip, known) {
  if (!slip.early || known.due === null) return same(slip);
  const done = begun(inTender({ ...slip, early: null, later: [] }, slip.early, known));
  const sold = done.effects.some((effect) => effect.do === "complete");
  return sold ? { ...done, effects: [...done.effects, { do: "replay", keys: slip.later }] } : done;
}

/** @param {Slip} slip @param {string} key @param {Known} known @returns {Pressed} */
function onSlip(slip, key, known) {
  if (slip.counting !== null) return counting(slip, key, known);
  if (/^[1-9]$/.test(key)) return same(add(slip, known.keys[key]));
  if (key === "*" && lineOf(slip)) return same({ ...slip, counting: "" });
  if (key === "-" && lineOf(slip)) return same(set(slip, (lineOf(slip)?.quantity ?? 0) - 1));
  if (key === "Backspace" && slip.before.length) return same(undo(slip));
  if (key === "0") return { slip, effects: [{ do: "find" }] };
  if (!slip.lines.length) return same(slip);
  if (key === "Escape") return { slip: fresh(), effects: [{ do: "aside" }] };
  const mode = TENDERS[key];
  // A free sale has nothing to take: it completes as soon as its places are held.
  return mode ? { slip: { ...slip, ...noTender(), mode: known.free ? "cash" : mode, early: known.free ? "Enter" : null }, effects: [{ do: "hold" }] } : same(slip);
}

/** @param {Slip} slip @param {string} key @param {Known} known @returns {Pressed} */
function counting(slip, key, known) {
  const digits = slip.counting ?? "";
  if (/^\d$/.test(key)) return same({ ...slip, counting: (digits + key).slice(0, 3) });
  if (key === "Backspace") return same({ ...slip, counting: digits ? digits.slice(0, -1) : null });
  const done = { ...slip, counting: null };
  const applied = digits ? set(done, Number(digits)) : done;
  if (key === "Enter" || key === "*") return same(applied);
  return key === "Escape" ? same(done) : onSlip(applied, key, known);
}

/** @param {Slip} slip @returns {Pressed} */
const same = (slip) => ({ slip, effects: [] });

/** @param {Slip} slip */
const lineOf = (slip) => slip.lines.find((line) => line.id === slip.last);

/** @param {Slip} slip @returns {Slip} */
const undo = (slip) => ({ ...slip, ...slip.before[slip.before.length - 1], before: slip.before.slice(0, -1) });

/** @param {Slip} slip @param {{id: string, on_sale: boolean} | undefined} type @returns {Slip} */
function add(slip, type) {
  if (!type || !type.on_sale || count(slip) >= MOST) return slip;
  const has = slip.lines.some((line) => line.id === type.id);
  const more = (/** @type {Line} */ line) => (line.id === type.id ? { ...line, quantity: line.quantity + 1 } : line);
  return changed(slip, has ? slip.lines.map(more) : [...slip.lines, { id: type.id, quantity: 1 }], type.id);
}

/** The line that is meant becomes so many. @param {Slip} slip @param {number} quantity @returns {Slip} */
function set(slip, quantity) {
  const others = slip.lines.filter((line) => line.id !== slip.last);
  const wanted = Math.min(quantity, MOST - count({ ...slip, lines: others }));
  if (wanted <= 0) return changed(slip, others, others[others.length - 1]?.id ?? null);
  return changed(slip, slip.lines.map((line) => (line.id === slip.last ? { ...line, quantity: wanted } : line)), slip.last);
}

/** @param {Slip} slip @param {Line[]} lines @param {string | null} last @returns {Slip} */
const changed = (slip, lines, last) => ({
  ...slip, lines, last, before: [...slip.before, { lines: slip.lines, last: slip.last }].slice(-STEPS_BACK),
});
