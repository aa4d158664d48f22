/** What happens to a code: read once, kept, asked, answered, shown, remembered. */

import * as api from "./api.js";

const AGAIN_WITHIN = 5000; // milliseconds in which the same code repeats its first answer
const STILL_THERE = 900; // milliseconds without being read after which a code has left the picture

export class Steward {
  /** @param {{storage: object, phone: object, verdict: object, told: (state: string, error?: Error) => void}} parts */
  constructor(parts) {
    Object.assign(this, parts);
    this.direction = "in";
    this.seen = { key: "", at: 0, answeredAt: 0, answer: null };
    this.queue = Promise.resolve();
    this.busy = false;
  }

  get where() {
    return `${this.direction === "in" ? "In" : "Out"} · ${this.phone.gate.name}`;
  }

  turn() {
    this.direction = this.direction === "in" ? "out" : "in";
    this.seen.key = "";
  }

  /** The camera reads many times a second: only a code that is new, or has come back, counts. */
  fromCamera(code) {
    const now = Date.now();
    const same = this.seen.key === code;
    const stays = same && now - this.seen.at < STILL_THERE;
    if (same) this.seen.at = now;
    if (this.busy || this.verdict.locked || stays || document.querySelector("dialog[open]")) return;
    if (same && this.seen.answer && now - this.seen.answeredAt < AGAIN_WITHIN) {
      this.verdict.show(this.seen.answer, this.where, true);
      return;
    }
    this.seen = { key: code, at: now, answeredAt: 0, answer: null };
    this.ask({ code });
  }

  /** A hand scanner or a typed serial: each is meant, one after another. */
  ask(what) {
    this.queue = this.queue.then(() => this.judge(what));
    return this.queue;
  }

  async judge(what) {
    this.busy = true;
    try {
      await this.settle(what, this.direction);
    } finally {
      this.busy = false;
    }
  }

  async settle(what, direction) {
    const scan =
      (await this.storage.unanswered(what.code ?? what.serial, direction)) ??
      (await this.storage.keep({
        ...what,
        scan_id: crypto.randomUUID(),
        direction,
        scanned_at: new Date().toISOString(),
      }));
    try {
      const answer = await api.scan(this.phone.token, scan);
      await this.storage.answered(scan.scan_id);
      this.told("online");
      await this.tell(answer, what, direction);
    } catch (error) {
      await this.fail(error, scan);
    }
  }

  async tell(answer, what, direction) {
    if (this.seen.key === what.code) Object.assign(this.seen, { at: Date.now(), answeredAt: Date.now(), answer });
    this.verdict.show(answer, this.where);
    const { verdict, message, ticket, previous } = answer;
    const at = new Date().toISOString();
    await this.storage.remember({ verdict, message, ticket, previous, direction, at });
  }

  async fail(error, scan) {
    if (error instanceof api.Refused) {
      await this.storage.answered(scan.scan_id);
      this.told("refused", error);
      return;
    }
    this.told("away");
    this.seen.key = "";
    this.verdict.show({ verdict: "not_judged", message: "Not judged" }, this.where);
  }
}
