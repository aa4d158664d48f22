/** Looking only, on a supervisor's phone: scans are judged and nothing of them is recorded. It ends by itself. */

import { _, onSpoken } from "./words.js";

const IDLE = 180000; // milliseconds without a look after which the phone scans again, unless set otherwise
const SET = "scan:look";
const element = (id) => document.getElementById(id);

export class Looking {
  /** @param {object} steward @param {object} status */
  constructor(steward, status) {
    Object.assign(this, { steward, status, timer: 0 });
    element("look").addEventListener("click", () => {
      element("about").close();
      this.turn(!steward.looking);
    });
    element("look-end").addEventListener("click", () => this.turn(false));
    steward.looked = () => this.#again();
    onSpoken(() => this.draw());
    element("about-open").addEventListener("click", () => this.draw());
    this.draw();
  }

  turn(on) {
    this.steward.looking = on && this.steward.phone.device.role === "supervisor";
    this.steward.seen.key = "";
    clearTimeout(this.timer);
    if (this.steward.looking) this.#again();
    this.draw();
    this.status.draw();
  }

  #again() {
    clearTimeout(this.timer);
    if (this.steward.phone.device.role !== "supervisor") return void this.turn(false); // it was given to a steward
    this.timer = setTimeout(() => this.turn(false), Number(localStorage.getItem(SET)) || IDLE);
  }

  draw() {
    const { looking, phone } = this.steward;
    element("look").hidden = phone.device.role !== "supervisor";
    element("look-words").textContent = looking ? _("Record scans again") : _("Look only: record nothing");
    element("looking").hidden = !looking;
  }
}
