/**
 * What a slip comes to before the server has said it: lines, less what the clerk takes off, and the fees on that.
 * The same sums as the server's, which counts; nothing here touches page or network.
 *
 * @typedef {{percent?: number, amount_cents?: number, reason: string}} Discount
 * @typedef {{name: string, per: "ticket" | "sale", kind: "percent" | "amount", percent_bp: number, amount_cents: number, vat_rate_bp: number}} Fee
 * @typedef {{name: string, total_cents: number}} Asked
 * @typedef {{before: number, off: number, fees: Asked[], vat: number, rates: number[], total: number}} Priced
 */

import { vatIn } from "./money.js";

const WHOLE_BP = 10000;

/** So many basis points of an amount, rounded half-up. @param {number} cents @param {number} bp */
const shareOf = (cents, bp) => Math.floor((2 * cents * bp + WHOLE_BP) / (2 * WHOLE_BP));

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);

/** What a discount takes off an amount: never more than that. @param {Discount | null} discount @param {number} cents */
export function off(discount, cents) {
  if (!discount) return 0;
  return discount.percent ? shareOf(cents, discount.percent * 100) : Math.min(discount.amount_cents ?? 0, cents);
}

/** Spread an amount over others in proportion, to the cent. @param {number} cents @param {number[]} over */
export function spread(cents, over) {
  const whole = sum(over);
  let reached = 0;
  return over.map((one) => {
    const before = whole ? Math.floor((cents * reached) / whole) : 0;
    reached += one;
    return (whole ? Math.floor((cents * reached) / whole) : 0) - before;
  });
}

/**
 * @param {import("./slip.js").Line[]} lines @param {Map<string, import("./types.js").Type>} types @param {Fee[]} fees
 * @param {Discount | null} discount @returns {Priced}
 */
export function priced(lines, types, fees, discount) {
  // In the server's order, so that each cent falls where it falls there.
  const known = lines.filter((line) => types.has(line.id)).sort((one, other) => (one.id < other.id ? -1 : 1));
  const full = known.map((line) => (types.get(line.id)?.price_cents ?? 0) * line.quantity);
  const before = sum(full);
  const less = off(discount, before);
  const parts = spread(less, full);
  const paid = known.map((line, index) => ({ quantity: line.quantity, cents: full[index] - parts[index], rate: types.get(line.id)?.vat_rate_bp ?? 0 }));
  const asked = fees.map((fee) => levied(fee, paid.filter((line) => line.cents)));
  const taxed = [...paid, ...asked.flatMap((one) => one.parts)].filter((one) => one.rate && one.cents);
  const told = asked.map((one) => ({ name: one.name, total_cents: sum(one.parts.map((part) => part.cents)) }));
  return {
    before,
    off: less,
    fees: told.filter((one) => one.total_cents),
    vat: sum(taxed.map((one) => vatIn(one.cents, one.rate))),
    rates: [...new Set(taxed.map((one) => one.rate))],
    total: before - less + sum(told.map((one) => one.total_cents)),
  };
}

/** What is free bears no fee. @param {Fee} fee @param {{quantity: number, cents: number}[]} paid */
function levied(fee, paid) {
  const whole = { quantity: 1, cents: sum(paid.map((line) => line.cents)) };
  const on = fee.per === "ticket" ? paid : paid.length ? [whole] : [];
  const much = (/** @type {{quantity: number, cents: number}} */ line) =>
    fee.kind === "amount" ? fee.amount_cents * line.quantity : shareOf(line.cents, fee.percent_bp);
  return { name: fee.name, parts: on.map((line) => ({ cents: much(line), rate: fee.vat_rate_bp })) };
}
