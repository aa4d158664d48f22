/** Shows unsent scans as a sequence of QR codes, for a phone that gets no network any more and cannot pass on a file. */

import encodeQR from "../../vendor/qr/index.js";
import { cut } from "./frames.js";
import { sealed } from "./take_out.js";
import { _, onSpoken } from "./words.js";

const EACH = 350; // milliseconds: slow enough for any camera, and for eyes that flicker hurts
const QUIET = 4; // modules of white around a code
const element = (id) => document.getElementById(id);

function draw(text, canvas) {
  const dots = encodeQR(text, "raw", { ecc: "low", border: QUIET });
  canvas.width = canvas.height = dots.length;
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, dots.length, dots.length);
  context.fillStyle = "#000";
  dots.forEach((line, y) => line.forEach((dark, x) => dark && context.fillRect(x, y, 1, 1)));
}

export class ShowCodes {
  /** @param {object} phone @param {object} storage */
  constructor(phone, storage) {
    Object.assign(this, { phone, storage, texts: [], at: 0, timer: 0 });
    element("codes-pause").addEventListener("click", () => (this.timer ? this.pause() : this.run()));
    element("codes").addEventListener("close", () => this.pause());
    onSpoken(() => this.say());
  }

  /** Seal what is unsent, and show it over and over. */
  async show() {
    const content = await sealed(this.phone, await this.storage.unsent());
    this.texts = cut(content, JSON.parse(content).batch_id.slice(0, 8));
    this.at = 0;
    element("codes").showModal();
    this.step();
    this.run();
  }

  run() {
    this.timer = setInterval(() => {
      this.at = (this.at + 1) % this.texts.length;
      this.step();
    }, EACH);
    this.say();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = 0;
    this.say();
  }

  step() {
    draw(this.texts[this.at], element("codes-picture"));
    this.say();
  }

  say() {
    element("codes-count").textContent = this.texts.length ? _("{many} of {all}", { many: this.at + 1, all: this.texts.length }) : "";
    element("codes-pause").textContent = this.timer ? _("Hold on") : _("Go on");
  }
}
