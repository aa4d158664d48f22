/**
 * What stands beside the lines of a slip: whom its places are kept for, who buys, what lowers its price.
 *
 * @typedef {object} Beside
 * @property {{id: string, name: string} | null} kept  a hold with a name, which outlives this sale when it is not paid
 * @property {{id: string, name: string} | null} customer
 * @property {string | null} code  a discount's code
 */

import { at, icon, make } from "./make.js";
import { money } from "./money.js";

/** @returns {Beside} */
export const alone = () => ({ kept: null, customer: null, code: null });

/** What the hold's request says of it. @param {Beside} beside */
export function asked({ customer, code }) {
  return { ...(customer ? { customer_id: customer.id } : {}), ...(code ? { code } : {}) };
}

/** @param {import("./till.js").Till} till */
export function drawBeside({ beside, slip, hold, currency }) {
  const { kept, customer, code } = beside;
  const off = hold?.discount_cents ?? 0;
  const said = [
    kept && chip("kept", "clock", `Kept for ${kept.name}`, "Leave the hold as it is"),
    customer && chip("customer", "user", `For ${customer.name}`, "Sell it without a name"),
    code && chip("code", "percent", off ? `Code ${code}: ${money(-off, currency)}` : `Code ${code}`, "Sell it without the code"),
    hold?.fee_cents ? make("li", { class: "num" }, `${hold.fee_name}: ${money(hold.fee_cents, currency)}`) : null,
  ];
  at("beside").replaceChildren(...said.filter((one) => one !== null));
  at("keep").hidden = !slip.lines.length || slip.mode !== "slip" || Boolean(kept);
}

/** @param {string} what @param {string} sign @param {string} words @param {string} drop */
const chip = (what, sign, words, drop) => make("li", { class: "num" }, icon(sign), make("span", {}, words),
  make("button", { type: "button", class: "plain", "data-drop": what, "aria-label": `${drop}: ${words}`, title: drop }, icon("x")));

/** The address that asks for a hold of these lines. @param {string} url @param {import("./slip.js").Line[]} lines */
export const toKeep = (url, lines) => `${url}?${new URLSearchParams([["back", "till"], ...lines.map((line) => [`n-${line.id}`, String(line.quantity)])])}`;
