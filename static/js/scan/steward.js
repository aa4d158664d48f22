/** What happens to a code: read once, kept, asked, answered, shown, remembered. */

import * as api from "./api.js";
import { isFrame } from "./frames.js";
import { judge, stopped } from "./judge.js";
import { Full } from "./storage.js";
import { _ } from "./words.js";

const AGAIN_WITHIN = 5000; // milliseconds in which the same code repeats its first answer
const IN_TIME = 800; // milliseconds that the server has before this phone judges by itself, unless set otherwise
const LETS_IN = new Set(["admitted", "offline_admitted"]);
const LETS_PASS = new Set(["admitted", "exited"]);
const STILL_THERE = 900; // milliseconds without being read after which a code has left the picture

export class Steward {
  /**
   * @param {{storage: object, phone: object, verdict: object, network: object, sync: object, clock: object,
   *   told: (state: string, error?: Error) => void}} parts
   */
  constructor(parts) {
    Object.assign(this, parts);
    this.direction = "in";
    this.looking = false; // a supervisor looks: nothing is recorded
    this.last = null; // the last answer, for a supervisor to decide about
    this.seen = { key: "", at: 0, answeredAt: 0, answer: null };
    this.queue = Promise.resolve();
    this.busy = false;
    this.ready = Promise.resolve(); // until what was kept is read
    this.lastAt = performance.now();
    this.sync.exclusive = (work) => this.exclusive(work);
    this.patience = Number(localStorage.getItem("scan:patience")) || IN_TIME;
  }

  /** Nothing is being judged or shown, and nothing was for so many milliseconds. */
  idle(milliseconds) {
    return !this.busy && this.verdict.box.hidden && performance.now() - this.lastAt > milliseconds;
  }

  get where() {
    const way = `${this.direction === "in" ? _("In") : _("Out")} · ${this.phone.gate.name}`;
    const before = [this.looking && _("Looking only: nothing is recorded"), this.phone.event.rehearsal && _("Rehearsal")];
    return [...before, way].filter(Boolean).join(" · ");
  }

  /** Whether entry is stopped at this gate, by what this phone heard last. */
  get stopped() {
    const gate = this.sync.bundle?.gates.get(this.phone.gate.id);
    return gate ? stopped(this.sync.bundle, gate) : Boolean(this.sync.stops?.everywhere);
  }

  turn() {
    this.direction = this.direction === "in" ? "out" : "in";
    this.seen.key = "";
  }

  /** The camera reads many times a second: only a code that is new, or has come back, counts. */
  fromCamera(code) {
    if (isFrame(code)) return; // another phone's unsent scans, which only a supervisor's page takes in
    const now = performance.now(); // a clock that is set must not hold back the next ticket
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
    return this.exclusive(() => this.judge(what));
  }

  /** Do something while nothing is judged; whoever waits for it must not be in the queue. */
  exclusive(work) {
    this.queue = this.queue.catch(() => {}).then(work); // one that failed holds up none
    return this.queue;
  }

  async judge(what) {
    this.busy = true;
    try {
      await this.ready;
      await this.settle(what, this.direction);
    } catch (error) {
      if (!(error instanceof Full)) throw error;
      await this.full();
    } finally {
      this.busy = false;
      this.lastAt = performance.now();
    }
  }

  /** Say what a scan would be answered, by the server in time or by this phone, and leave everything as it is. */
  async look(what, direction) {
    this.looked?.();
    const { bundle } = this.sync;
    let answer = null;
    if (this.network.open || !bundle) {
      const { gate, event, token } = this.phone;
      const asked = { ...what, scan_id: crypto.randomUUID(), look: true, direction, gate_id: gate.id, event_id: event.id, ...this.clock.stamp() };
      answer = await api.scanWithin(token, asked, this.patience).catch((error) => {
        if (error instanceof api.Refused) this.told("refused", error);
        return error instanceof api.Refused ? { verdict: "not_judged", refused: true } : null;
      });
    }
    answer ??= bundle ? { ...(await judge(bundle, what, this.phone.gate.id, direction, this.clock.now, { look: true })), here: true } : { verdict: "not_judged" };
    this.last = null;
    this.verdict.show(answer, this.where);
  }

  async settle(what, direction) {
    if (this.looking) return this.look(what, direction);
    const scan =
      this.storage.unanswered(what.code ?? what.serial, direction, this.phone) ??
      (await this.storage.keep({
        ...what,
        scan_id: crypto.randomUUID(),
        direction,
        gate_id: this.phone.gate.id,
        event_id: this.phone.event.id,
        ...this.clock.stamp(),
      }));
    const said = await this.askServer(scan, what, direction);
    this.last = null;
    if (said.refused) return;
    const answer = said.answer ?? (await this.judgeHere(scan, what, direction));
    if (answer) await this.tell(answer, scan, what, direction);
  }

  /** The server's answer when it comes in time; nothing when this phone shall judge by itself. */
  async askServer(scan, what, direction) {
    const able = this.sync.bundle !== null;
    if (able && (!this.network.open || (await this.sync.better(what)))) return {};
    let answer;
    try {
      const { token } = this.phone;
      answer = able ? await api.scanWithin(token, scan, this.patience) : await api.scan(token, scan);
    } catch (error) {
      if (!(error instanceof api.Refused)) {
        this.network.failed();
        return {};
      }
      if (error.status !== 401) await this.storage.answered([scan.scan_id]);
      this.told("refused", error);
      this.seen.key = "";
      this.verdict.show({ verdict: "not_judged", refused: true }, this.where);
      return { refused: true };
    }
    this.network.answered();
    const noted = await this.note(answer, scan, what, direction).catch(() => {}); // the server has it: what is not noted is asked again
    if (await this.sync.hear(answer.stops)) this.confirm();
    this.told("online");
    if (answer.moved) this.moved();
    return { answer: { ...answer, noted } };
  }

  /** What the server's answer has done to the ticket: kept with it, so that a reload without network knows it. */
  async note(answer, scan, what, direction) {
    const passed = this.sync.bundle && LETS_PASS.has(answer.verdict);
    const here = passed ? await judge(this.sync.bundle, what, scan.gate_id, direction, this.clock.now) : {};
    this.sync.house.moved(scan.scan_id, here.noted?.steps, true);
    await this.storage.answered([scan.scan_id], here.noted ? [{ ...here.noted, told: Date.now(), sure: true }] : []);
    return here.noted;
  }

  /** What cannot be kept is not said: nobody is let in, and what was judged in memory alone is judged no more. */
  async full() {
    this.seen.key = "";
    await this.sync.again();
    this.told("full");
    this.verdict.show({ verdict: "not_judged", full: true }, this.where);
  }

  /** Judge by the bundle; what is said is written down first. */
  async judgeHere(scan, what, direction) {
    if (!this.sync.bundle) {
      this.told("away");
      this.seen.key = "";
      this.verdict.show({ verdict: "not_judged" }, this.where);
      return null;
    }
    const { noted, ...answer } = await judge(this.sync.bundle, what, scan.gate_id, direction, this.clock.now);
    await this.storage.judged(scan, answer.verdict, noted);
    if (noted) this.sync.unsure.add(noted.key);
    this.sync.house.moved(scan.scan_id, noted?.steps, false);
    this.told("here");
    return { ...answer, noted, here: true };
  }

  async tell({ noted, ...answer }, scan, what, direction) {
    this.last = { answer, scan: { scan_id: scan.scan_id }, what, direction };
    if (this.seen.key === what.code) {
      const now = performance.now();
      Object.assign(this.seen, { at: now, answeredAt: now, answer });
    }
    this.verdict.show(answer, this.where);
    if (direction === "in" && LETS_IN.has(answer.verdict)) {
      const admission = { scan: this.last.scan, noted, where: this.where, type: answer.ticket?.type ?? "" };
      await this.storage.write("admission", admission).catch(() => {}); // then the live page takes it back
    }
    const { verdict, message, previous } = answer;
    const ticket = answer.ticket && { type: answer.ticket.type, serial: answer.ticket.serial };
    const said = { verdict, message, ticket, previous, direction, at: this.clock.stamp().scanned_at };
    await this.storage.remember(said).catch(() => {}); // a full storage has no room for memories
  }
}
