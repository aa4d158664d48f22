/** Money at the till: cents in, words out; what a clerk types as an amount. */

const THIN = "\u2009";
const SYMBOLS = { ZAR: "R", USD: "$", EUR: "€", GBP: "£", NAD: "N$", BWP: "P" };
export const NOTES = [1000, 2000, 5000, 10000, 20000];
export const LARGEST_NOTE = 20000;

/** @param {number} cents @param {string} [currency] */
export function money(cents, currency = "ZAR") {
  const sign = cents < 0 ? "−" : "";
  const whole = Math.floor(Math.abs(cents) / 100);
  const part = String(Math.abs(cents) % 100).padStart(2, "0");
  const grouped = String(whole).replace(/\B(?=(\d{3})+$)/g, THIN);
  return `${sign}${SYMBOLS[currency] ?? `${currency} `}${grouped}.${part}`;
}

/**
 * What an amount typed in Cash means, in cents: one digit is hundreds, more are rand, with a point rand and cents.
 * @param {string} typed @returns {number}
 */
export function amount(typed) {
  if (!typed || typed === ".") return 0;
  if (typed.includes(".")) return Math.round(Number(typed) * 100);
  return Number(typed) * (typed.length === 1 ? 10000 : 100);
}

/** @param {number} cents @param {number} step in cents */
export const roundedDown = (cents, step) => (step > 1 ? cents - (cents % step) : cents);

/**
 * The sums that a customer is likely to hand over: the next full tens, fifties, hundreds and two hundreds.
 * @param {number} due in cents @returns {number[]}
 */
export function likely(due) {
  const sums = new Set();
  for (const note of NOTES) {
    const sum = Math.ceil(due / note) * note;
    if (sum > due) sums.add(sum);
  }
  return [...sums].sort((one, other) => one - other).slice(0, 4);
}

/** VAT in a price that includes it, rounded half-up. @param {number} cents @param {number} rate basis points */
export const vatIn = (cents, rate) => Math.floor((2 * cents * rate + 10000 + rate) / (2 * (10000 + rate)));

/** What a checkout sells, in words. @param {any} checkout @returns {string} */
export const words = (checkout) =>
  checkout.lines.map((/** @type {any} */ line) => `${line.quantity} ${line.name}`).join(", ");
