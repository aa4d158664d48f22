/** What this phone keeps: who it is, its sequence, scans without an answer, its bundle, the last twenty answers. */

import { open, settled } from "./schema.js";
import { Seal } from "./seal.js";

const MOST_KEPT = 20;
const STORES = ["phone", "unanswered", "bundle", "noted"];

const ASKED_AGAIN = 600000; // milliseconds: who comes back later with the same code is another scan

/** Whether a scan may still be asked: made a moment ago, where the phone stands. */
const askable = (one, { gate, event }) =>
  one.gate_id === gate.id && one.event_id === event.id && Math.abs(Date.now() - Date.parse(one.scanned_at)) < ASKED_AGAIN;

/** The storage is full: what was to be written is not, and so nobody may be let in by it. */
export class Full extends Error {}

/** One database per organization, since storage belongs to the origin. Only the tab that owns the sequence opens it. */
export class Storage {
  /** @param {string} slug */
  static async open(slug) {
    const made = new Storage();
    made.base = await open(`scan:${slug}`);
    made.seal = new Seal((await made.read("seal")) ?? (await made.#newSeal()));
    const all = await settled(made.base.transaction("unanswered").objectStore("unanswered").getAll());
    made.unjudged = await made.seal.open(all.filter((one) => !one.offline_verdict));
    return made;
  }

  async #newSeal() {
    const made = await Seal.key();
    await this.write("seal", made);
    return made;
  }

  /** Do some writing in one transaction: all of it is kept, or nothing and Full is thrown. */
  async #keep(stores, write) {
    const work = this.base.transaction(stores, "readwrite");
    const done = settled(work);
    try {
      await Promise.all([write(...stores.map((name) => work.objectStore(name))), done]);
    } catch (error) {
      done.catch(() => {});
      if ((work.error ?? error)?.name === "QuotaExceededError") throw new Full("storage is full");
      throw error;
    }
  }

  /** @param {string} key */
  read(key) {
    return settled(this.base.transaction("phone").objectStore("phone").get(key));
  }

  /** @param {string} key @param {unknown} value */
  write(key, value) {
    return this.#keep(["phone"], (phone) => void phone.put(value, key));
  }

  /** Keep a new scan with the next sequence, in one transaction, before anything is sent. */
  async keep(scan) {
    const closed = await this.seal.close(scan);
    const kept = { ...scan };
    await this.#keep(["phone", "unanswered"], async (phone, unanswered) => {
      kept.sequence = ((await settled(phone.get("sequence"))) ?? 0) + 1;
      phone.put(kept.sequence, "sequence");
      unanswered.put({ ...closed, sequence: kept.sequence });
    });
    this.unjudged.push(kept);
    return kept;
  }

  /** Keep a supervisor's deed beside the scans, after all that have a number by now: it has a name, and no number. */
  async keepDeed(scan_id, deed, noted) {
    const closed = await this.seal.close({ scan_id, deed, offline_verdict: deed.deed, noted });
    await this.#keep(["phone", "unanswered"], async (phone, unanswered) => {
      const sequence = ((await settled(phone.get("sequence"))) ?? 0) + 0.5;
      unanswered.put({ ...closed, sequence });
    });
  }

  /** The scan of this code, made here and now, that nobody has judged: it is asked again under its own id. */
  unanswered(key, direction, phone) {
    const same = (one) => (one.code ?? one.serial) === key && one.direction === direction;
    return this.unjudged.find((one) => same(one) && askable(one, phone));
  }

  /** Scans that nobody has judged, and that are not asked again. */
  left(phone) {
    return this.unjudged.filter((one) => !askable(one, phone));
  }

  #judged() {
    return this.base.transaction("unanswered").objectStore("unanswered").index("judged");
  }

  /** All scans that were judged here and that the server does not have, in the order of their sequence. */
  async unsent() {
    const all = await settled(this.#judged().getAll());
    const opened = await this.seal.open(all);
    return opened.sort((one, other) => one.sequence - other.sequence);
  }

  /** How many these are. */
  count() {
    return settled(this.#judged().count());
  }

  /** Write down what this phone has said and what that did to the ticket, before it is said. */
  async judged(scan, verdict, noted) {
    const closed = await this.seal.close({ ...scan, offline_verdict: verdict, noted });
    await this.#keep(["unanswered"], (unanswered) => void unanswered.put(closed));
    this.#forget([scan.scan_id]);
  }

  #forget(scanIds) {
    this.unjudged = this.unjudged.filter((one) => !scanIds.includes(one.scan_id));
  }

  /** Forget scans that the server has answered; what they did to tickets stays until the bundle says it. */
  async answered(scanIds, noted = []) {
    const write = (unanswered, notes) => {
      for (const scanId of scanIds) unanswered.delete(scanId);
      for (const one of noted) notes.put(one);
    };
    try {
      await this.#keep(["unanswered", "noted"], write);
    } catch (error) {
      if (!(error instanceof Full)) throw error;
      await this.#keep(["unanswered"], (unanswered) => write(unanswered, { put() {} })); // to forget takes no room
    }
    this.#forget(scanIds);
  }

  /** What answered scans did to tickets, as far as the bundle may not say it yet. */
  noted() {
    return settled(this.base.transaction("noted").objectStore("noted").getAll());
  }

  /** The bundle as it was kept, or nothing. */
  bundle() {
    return settled(this.base.transaction("bundle").objectStore("bundle").get("bundle"));
  }

  /** Keep a bundle, and forget the notes that it makes needless. */
  keepBundle(kept, needless = []) {
    return this.#keep(["bundle", "noted"], (bundle, notes) => {
      bundle.put(kept, "bundle");
      for (const key of needless) notes.delete(key);
    });
  }

  /** Forget what was known of the event and its tickets; scans that wait stay. */
  forgetBundle() {
    return this.#keep(["phone", "bundle", "noted"], (phone, ...others) => {
      phone.delete("last");
      phone.delete("admission");
      for (const one of others) one.clear();
    });
  }

  /** Of a lost phone nothing stays but the token that hands in what is unsent: no name, event or gate. */
  strip({ token, device }) {
    return this.#keep(["phone"], (phone) => {
      phone.put({ token, device: { id: device.id, name: "" }, event: { id: "", name: "" }, gate: { id: "", name: "" } }, "phone");
      phone.delete("stops");
    });
  }

  /** Add to the last twenty, newest first. */
  async remember(entry) {
    const before = (await this.read("last")) ?? [];
    await this.write("last", [entry, ...before].slice(0, MOST_KEPT));
  }

  /** Forget everything: the phone was taken out of service and has sent all it had, or is paired anew. */
  async wipe() {
    await this.#keep(STORES, (...stores) => {
      for (const one of stores) one.clear();
    });
    this.unjudged = [];
    this.seal = new Seal(await this.#newSeal());
  }
}
