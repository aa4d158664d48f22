/** The last twenty answers of this phone. */

import { words } from "./verdict.js";
import { _ } from "./words.js";

const element = (id) => document.getElementById(id);
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

export async function listLast(storage) {
  element("take-back").hidden = !(await storage.read("admission"));
  const last = (await storage.read("last")) ?? [];
  element("history-list").replaceChildren(...last.map(entry), ...(last.length ? [] : [_("Nothing was scanned yet.")]));
  element("history").showModal();
}

function entry(one) {
  const line = document.createElement("li");
  const time = Object.assign(document.createElement("time"), { textContent: clock.format(new Date(one.at)) });
  const said = Object.assign(document.createElement("b"), { textContent: words(one) });
  const ticket = one.ticket ? [one.ticket.type, one.ticket.serial].filter(Boolean).join(" · ") : _("no ticket of ours");
  line.append(time, said, Object.assign(document.createElement("small"), { textContent: ticket }));
  return line;
}
