/** Finding a ticket by its holder's name: online, by a supervisor's PIN. Nothing of it is kept: closing forgets it. */

import * as api from "./api.js";
import { refusal } from "./deeds.js";
import { _, N_ } from "./words.js";

const element = (id) => document.getElementById(id);
const made = (name, textContent) => Object.assign(document.createElement(name), { textContent });
const STATES = { inside: N_("inside"), outside: N_("not inside"), void: N_("void"), blocked: N_("blocked") };

export class Finding {
  /** @param {object} steward */
  constructor(steward) {
    this.steward = steward;
    element("find").addEventListener("click", () => {
      element("typing").close("");
      element("finding").showModal();
    });
    element("finding").querySelector("form").addEventListener("submit", (event) => {
      if (event.submitter?.value !== "find") return;
      event.preventDefault();
      this.#find();
    });
    element("finding").addEventListener("close", () => this.#forget());
  }

  #forget() {
    for (const id of ["find-name", "find-staff", "find-pin"]) element(id).value = "";
    element("found").replaceChildren();
    element("find-says").textContent = "";
  }

  async #find() {
    const [name, staff_number, pin] = ["find-name", "find-staff", "find-pin"].map((id) => element(id).value.trim());
    if (name.length < 2 || !staff_number || !pin) {
      element("find-says").textContent = _("Fill in the name, staff number and PIN.");
      return;
    }
    element("find-pin").value = ""; // one search for one PIN
    try {
      const { items } = await api.findByName(this.steward.phone.token, { name, staff_number, pin });
      element("found").replaceChildren(...items.map((one) => this.#line(one)));
      element("find-says").textContent = items.length ? "" : _("Nobody of that name has a ticket here.");
    } catch (error) {
      element("find-says").textContent = error instanceof api.Refused ? refusal(error) : _("No network: names are found online only.");
    }
  }

  #line({ holder, type, serial, state, admits, inside }) {
    const line = document.createElement("li");
    const scan = made("button", _("Scan it"));
    scan.type = "button";
    scan.addEventListener("click", () => {
      element("finding").close();
      this.steward.ask({ serial });
    });
    const where = admits > 1 ? _("{many} of {all} inside", { many: inside, all: admits }) : _(STATES[state]);
    line.append(made("b", holder), made("small", `${type} · ${serial} · ${where}`), scan);
    return line;
  }
}
