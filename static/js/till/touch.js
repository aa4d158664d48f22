/** What can be touched at the till: each button says by its data what it does. */

import { draw } from "./draw.js";
import { showCodes, printTickets } from "./paper.js";

/** @param {import("./till.js").Till} till @param {Element} target */
export function touched(till, target) {
  const { dataset: said } = /** @type {HTMLElement} */ (target.closest("button") ?? document.createElement("i"));
  if (said.type) till.add(said.type);
  else if (said.press) till.press(said.press);
  else if (said.line) till.count(said.line);
  else if (said.take) till.type((Number(said.take) / 100).toFixed(2));
  else if (said.seen) till.sales.seen(said.seen);
  else if (said.tender) till.turn(/** @type {"cash" | "card" | "other"} */ (said.tender));
  else if (said.aside) till.resume(said.aside);
  else if (said.drop) till.drop(said.drop);
  else if (said.keep !== undefined) till.toKeep();
  else if (said.lower !== undefined) till.lower.open();
  else if (said.codes) showCodes(said.codes);
  else if (said.print) printTickets(said.print);
  else if (said.printsEach !== undefined) printsEach(till);
}

/** @param {import("./till.js").Till} till */
function printsEach(till) {
  till.kept.printsEach = !till.kept.printsEach;
  draw(till);
}
