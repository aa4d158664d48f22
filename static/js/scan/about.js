/** "This phone": its language, hand and patience; how it is; a new version; scans taken out as a file. */

import { ShowCodes } from "./show_codes.js";
import { takeOut } from "./take_out.js";
import { _, onSpoken } from "./words.js";
import * as worker from "./worker.js";

const HAND = "scan:hand";
const PATIENCE = "scan:patience";
const element = (id) => document.getElementById(id);

/** The hand that holds the phone, from the start. */
export function hold() {
  const left = localStorage.getItem(HAND) === "left";
  document.body.classList.toggle("left", left);
  element("left-hand").checked = left;
}

export class About {
  /** @param {object} steward @param {object} status @param {object} storage @param {string} version */
  constructor(steward, status, storage, version) {
    Object.assign(this, { steward, status, storage, version });
    element("about-open").addEventListener("click", () => this.show());
    element("left-hand").addEventListener("change", () => {
      localStorage.setItem(HAND, element("left-hand").checked ? "left" : "right");
      hold();
    });
    element("patience").addEventListener("change", () => {
      localStorage.setItem(PATIENCE, element("patience").value);
      steward.patience = Number(element("patience").value);
    });
    element("renew").addEventListener("click", () => {
      element("about").close();
      worker.hurry();
    });
    const codes = new ShowCodes(steward.phone, storage);
    element("show-codes").addEventListener("click", () => codes.show());
    element("take-out").addEventListener("click", () => this.takeOut());
    onSpoken(() => this.draw());
  }

  async show() {
    element("patience").value = String(this.steward.patience);
    this.lasting = (await navigator.storage?.persisted?.()) ?? false;
    await this.draw();
    element("about").showModal();
  }

  async draw() {
    const { status } = this;
    const count = await this.steward.sync.unsent();
    const rows = [
      [_("Name"), `${this.steward.phone.device.name} · ${this.steward.phone.gate.name}`],
      [_("Judges"), status.alone ? _("this phone") : _("the server")],
      [_("Unsent"), String(count)],
      [_("Tickets"), status.age()],
      [_("Battery"), status.battery === null ? _("not told by this browser") : `${status.battery} %`],
      [_("Storage"), this.lasting ? _("kept for good") : _("may be cleared by the browser: send often")],
      [_("Version"), this.version],
    ];
    element("about-facts").replaceChildren(...rows.flatMap(([name, value]) => [made("dt", name), made("dd", value)]));
    element("renew").hidden = !worker.waits();
    element("take-out").hidden = element("show-codes").hidden = count === 0;
    element("take-out-words").textContent = _("Take out what is unsent: {count}", { count });
  }

  /** Write the unsent scans into a file that only the server can open: for a phone that gets no network any more. */
  async takeOut() {
    try {
      await takeOut(this.steward.phone, await this.storage.unsent());
      element("take-out-says").textContent = _("The file is saved. Give it to a supervisor: “Phones”, then “Take in a file”. The scans stay here, too.");
    } catch {
      element("take-out-says").textContent = _("The file could not be saved. Try again.");
    }
  }
}

const made = (name, textContent) => Object.assign(document.createElement(name), { textContent });
