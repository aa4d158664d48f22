/** Brings this phone and the server together: unsent scans go out in batches, the bundle comes in as it changes. */

import * as api from "./api.js";
import { Bundle, ROUNDED } from "./bundle.js";
import { read } from "./code.js";
import { House } from "./house.js";

const BETWEEN = 5000; // milliseconds between two tries to send
const LONGEST = 60000;
const FRESH = 20000; // milliseconds that a bundle is good for before the next is asked for
const ENDED = 300000; // milliseconds between two looks whether an event that is over goes on after all
const AT_ONCE = 500;
const SURELY_JUDGED = 600000; // milliseconds after which the bundle says what became of a batch

const GRACE = 6 * 3600; // seconds after the end, for a phone whose clock no server has confirmed since it was opened

/** Whether the server's word about a ticket holds what this phone did to it: a batch that it has may not be judged yet. */
const holds = (fresh, { stays, undone }) =>
  fresh &&
  !undone?.some(({ pass, at }) => fresh.some((is) => is.pass === pass && Math.abs(is.at - at) <= ROUNDED)) &&
  stays.every((one) => fresh.some((is) => is.pass === one.pass && is.zone === one.zone && is.at >= one.at - ROUNDED));

/** A batch was judged long ago: whatever clock it was noted by. */
const over = (one) => Math.abs(Date.now() - one.told) > SURELY_JUDGED;

export class Sync {
  /** @param {{storage: object, phone: object, network: object, clock: object, told: (state: string, error?: Error) => void}} parts */
  constructor(parts) {
    Object.assign(this, parts);
    this.pause = BETWEEN;
    this.timer = 0;
    this.takenAt = -FRESH;
    this.bundle = null;
    this.stops = null; // where entry is stopped, as this phone heard it last
    this.house = new House(this.storage); // how full the zones are, as this phone knows it
    this.unsure = new Set(); // tickets that this phone let pass, as far as the server may not know of it
    this.over = false; // the event has ended: its tickets are forgotten
    this.sending = Promise.resolve();
    this.exclusive = (work) => work(); // between two scans, once a steward scans
  }

  /** Open with what was kept, then go on for as long as the page lives. */
  async begin() {
    this.stops = (await this.storage.read("stops")) ?? null;
    await this.house.load();
    await this.again();
    this.turn();
  }

  /** Judge by what is in storage, and by nothing that could not be written there. */
  async again() {
    const kept = await this.storage.bundle();
    if (kept?.head.event.id === this.phone.event.id) await this.use(await Bundle.load(kept));
  }

  /** Try now: the network came back. */
  now() {
    clearTimeout(this.timer);
    this.pause = BETWEEN;
    this.takenAt = -FRESH;
    return this.turn();
  }

  async turn() {
    try {
      await this.end();
      await this.send();
      await this.take();
      this.pause = BETWEEN;
    } catch (error) {
      if (error instanceof api.Refused) this.told("refused", error);
      else this.pause = Math.min(this.pause * 2, LONGEST);
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.turn(), this.pause);
  }

  /** Judge by this bundle from now on, and by what the server cannot know yet; not when the phone was moved meanwhile. */
  async use(bundle, needless = []) {
    const known = (await this.storage.noted()).filter((one) => !needless.includes(one.key));
    const unsent = (await this.storage.unsent()).flatMap((one) => one.noted ?? []);
    for (const one of [...known, ...unsent]) bundle.join(one);
    if (bundle.head.event.id !== this.phone.event.id) return false;
    this.unsure = new Set([...known.filter((one) => !one.sure), ...unsent].map((one) => one.key));
    if (this.stops) bundle.head.stops = this.stops;
    bundle.house = this.house;
    this.bundle = bundle;
    return true;
  }

  /** Whether this phone knows better than the server what became of a ticket: it let it pass, and has not heard back. */
  async better({ code, serial }) {
    if (!this.bundle || !this.unsure.size) return false;
    const said = code && read(code);
    const key = said ? await this.bundle.keyOf(said.ticket) : serial && (await this.bundle.findSerial(serial))?.key;
    return this.unsure.has(key);
  }

  /**
   * Write down where entry is stopped, and judge by it; says whether that is news, which the server waits to hear.
   * An answer that was long on its way is older than what is known: only a heartbeat is `sure`.
   */
  async hear(stops, sure = false) {
    if (!stops || JSON.stringify(stops) === JSON.stringify(this.stops)) return false;
    const [count, event] = stops.version.split(".");
    const [known, of] = this.stops?.version.split(".") ?? [];
    if (event !== this.phone.event.id.slice(-12)) return false; // of where the phone stood before
    if (!sure && event === of && Number(count) < Number(known)) return false;
    this.stops = stops;
    if (this.bundle) this.bundle.head.stops = stops;
    await this.storage.write("stops", stops).catch(() => {}); // it is judged by, kept or not
    return true;
  }

  /** How many scans the server does not have. */
  unsent() {
    return this.storage.count();
  }

  /** One at a time: whoever asks meanwhile finds nothing left. */
  send() {
    const sent = this.sending.catch(() => {}).then(() => this.#send());
    this.sending = sent;
    return sent;
  }

  /** What was never judged, and is not asked again, is sent as that: the sequence has no hole. */
  async #close() {
    if (!this.storage.left(this.phone).length) return;
    await this.exclusive(async () => {
      for (const one of this.storage.left(this.phone)) await this.storage.judged(one, "not_judged");
    }).catch(() => {}); // a full storage sends what it has first
  }

  async #send() {
    await this.#close();
    const unsent = await this.storage.unsent();
    for (let at = 0; at < unsent.length; at += AT_ONCE) {
      const scans = unsent.slice(at, at + AT_ONCE);
      await api.sendBatch(this.phone.token, crypto.randomUUID(), scans);
      const noted = scans.flatMap((one) => (one.noted ? [{ ...one.noted, told: Date.now(), sure: false }] : []));
      await this.storage.answered(scans.map((one) => one.scan_id), noted);
      this.house.sent(scans.map((one) => one.scan_id));
      this.network.answered();
      this.told("online");
    }
  }

  #ended({ days }) {
    const ends = days.at(-1)?.ends;
    return ends !== undefined && this.clock.now >= ends + (this.clock.sure ? 0 : GRACE);
  }

  /** At the event's end the phone forgets its tickets and what it showed; what is unsent stays until it is answered. */
  async end() {
    if (!this.bundle || !this.#ended(this.bundle.head)) return;
    this.over = true;
    this.bundle = null;
    await this.storage.forgetBundle();
    this.told(navigator.onLine ? "online" : "away");
  }

  /** The phone stands at another event: its bundle is not the right one any more. */
  async elsewhere() {
    this.bundle = null;
    this.over = false;
    await this.storage.forgetBundle();
    await this.now();
  }

  async take() {
    if (!navigator.onLine || performance.now() - this.takenAt < (this.over ? ENDED : FRESH)) return;
    const noted = await this.storage.noted(); // before the question: its answer knows of all that was answered by now
    const before = this.bundle?.head.event.id === this.phone.event.id ? this.bundle : null;
    const said = await api.bundle(this.phone.token, this.phone.event.id, before?.version);
    if (said.event.id !== this.phone.event.id) return; // the phone was moved while this was on its way
    await this.hear(said.stops);
    if (this.over && this.#ended(said)) {
      this.takenAt = performance.now();
      return;
    }
    this.over = false; // it ends later than it was to
    if (!(await this.exclusive(() => this.#renew(said, before, noted)))) return;
    this.takenAt = performance.now();
    this.network.answered();
    this.told("online");
  }

  /** Judge by what was said, unless what it was said about is not judged by any more. */
  async #renew(said, before, noted) {
    if (before && this.bundle !== before) return false;
    const made = await Bundle.from(said, before);
    const needless = noted.filter((one) => one.sure || holds(made.fresh.get(one.key), one) || over(one)).map((one) => one.key);
    if (!(await this.use(made, needless))) return false;
    if (said.whole || said.tickets || needless.length) await this.storage.keepBundle(made.kept(), needless);
    return true;
  }

  /**
   * Out of service: the bundle goes at once; of a lost phone (`all`) also all but the token that hands in what is
   * unsent, sealed until then. Says whether all is gone.
   */
  async leave(wipe) {
    this.bundle = null;
    clearTimeout(this.timer);
    await this.storage.forgetBundle();
    if (wipe === "all") await this.storage.strip(this.phone);
    try {
      await this.send();
    } catch {
      return false;
    }
    await this.exclusive(() => this.storage.wipe()); // a scan under the seal of before would hold up every start
    return true;
  }
}
