/**
 * What stands beside the lines of a slip: whom its places are kept for, who buys, what lowers its price.
 *
 * @typedef {object} Beside
 * @property {{id: string, name: string} | null} kept  a hold with a name, which outlives this sale when it is not paid
 * @property {{id: string, name: string} | null} customer
 * @property {string | null} code  a discount's code
 * @property {import("./price.js").Discount | null} discount  what the clerk takes off
 */

import { at, icon, make } from "./make.js";
import { money } from "./money.js";

/** @returns {Beside} */
export const alone = () => ({ kept: null, customer: null, code: null, discount: null });

/** What the hold's request says of it. @param {Beside} beside */
export function asked({ customer, code, discount }) {
  return { ...(customer ? { customer_id: customer.id } : {}), ...(code ? { code } : {}), ...(discount ? { discount } : {}) };
}

/** @param {import("./till.js").Till} till */
export function drawBeside(till) {
  const { beside, slip, hold, currency } = till;
  const { kept, customer, code, discount } = beside;
  const here = till.priced();
  const less = hold?.clerk_discount_cents ?? here.off;
  const off = hold ? (hold.discount_cents ?? 0) - (hold.clerk_discount_cents ?? 0) : 0;
  const fees = hold?.fees ?? here.fees;
  const said = [
    kept && chip("kept", "clock", `Kept for ${kept.name}`, "Leave the hold as it is"),
    customer && chip("customer", "user", `For ${customer.name}`, "Sell it without a name"),
    code && chip("code", "percent", off ? `Code ${code}: ${money(-off, currency)}` : `Code ${code}`, "Sell it without the code"),
    discount && chip("discount", "percent", `${discount.percent ? `${discount.percent} % off` : "Off"}: ${money(-less, currency)} · ${discount.reason}`, "Sell it without the discount"),
    ...fees.map((/** @type {import("./price.js").Asked} */ fee) => make("li", { class: "num fee" }, make("span", {}, fee.name), money(fee.total_cents, currency))),
  ];
  at("beside").replaceChildren(...said.filter((one) => one !== null));
  at("lower").hidden = !slip.lines.length || slip.mode !== "slip" || Boolean(discount);
  at("keep").hidden = !slip.lines.length || slip.mode !== "slip" || Boolean(kept);
}

/** @param {string} what @param {string} sign @param {string} words @param {string} drop */
const chip = (what, sign, words, drop) => make("li", { class: "num" }, icon(sign), make("span", {}, words),
  make("button", { type: "button", class: "plain", "data-drop": what, "aria-label": `${drop}: ${words}`, title: drop }, icon("x")));

/** The address that asks for a hold of these lines. @param {string} url @param {import("./slip.js").Line[]} lines */
export const toKeep = (url, lines) => `${url}?${new URLSearchParams([["back", "till"], ...lines.map((line) => [`n-${line.id}`, String(line.quantity)])])}`;
