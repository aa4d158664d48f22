/** Holds with a name: one that the page was opened for, or one that the slip has become. */

import { alone } from "./beside.js";
import { fresh } from "./slip.js";

/** @typedef {{id: string, name: string, lines: import("./slip.js").Line[]}} Opened */

/** Take up a hold with a name; the slip being written is put aside. @param {import("./till.js").Till} till @param {Opened} opened */
export function takeUp(till, { id, name, lines }) {
  history.replaceState(null, "", location.pathname);
  if (till.slip.lines.length && till.holding.replaces !== id) till.putAside(till.slip.lines);
  till.slip = till.slipOf(lines);
  till.beside = { ...alone(), kept: { id, name } };
  till.holding.replaces = id;
  till.keep();
}

/** The slip became a hold with a name: what comes next is another. @param {import("./till.js").Till} till */
export function becameHold(till) {
  history.replaceState(null, "", location.pathname);
  till.slip = fresh();
  till.beside = alone();
  till.keep();
}
