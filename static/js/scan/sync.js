/** Brings this phone and the server together: unsent scans go out in batches, the bundle comes in as it changes. */

import * as api from "./api.js";
import { Bundle } from "./bundle.js";

const BETWEEN = 5000; // milliseconds between two tries to send
const LONGEST = 60000;
const FRESH = 20000; // milliseconds that a bundle is good for before the next is asked for
const AT_ONCE = 500;

export class Sync {
  /** @param {{storage: object, phone: object, network: object, told: (state: string, error?: Error) => void}} parts */
  constructor(parts) {
    Object.assign(this, parts);
    this.pause = BETWEEN;
    this.timer = 0;
    this.takenAt = 0;
    this.bundle = null;
    this.stops = null; // where entry is stopped, as this phone heard it last
    this.sending = Promise.resolve();
  }

  /** Open with what was kept, then go on for as long as the page lives. */
  async begin() {
    this.stops = (await this.storage.read("stops")) ?? null;
    const kept = await this.storage.bundle();
    if (kept?.head.event.id === this.phone.event.id) await this.use(await Bundle.load(kept));
    this.turn();
  }

  /** Try now: the network came back. */
  now() {
    clearTimeout(this.timer);
    this.pause = BETWEEN;
    this.takenAt = 0;
    return this.turn();
  }

  async turn() {
    try {
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

  /** Judge by this bundle from now on, and by what the server cannot know yet. */
  async use(bundle) {
    for (const { noted } of await this.storage.unsent()) if (noted) bundle.join(noted);
    if (this.stops) bundle.head.stops = this.stops;
    this.bundle = bundle;
  }

  /** Write down where entry is stopped, and judge by it; says whether that is news, which the server waits to hear. */
  async hear(stops) {
    if (!stops || JSON.stringify(stops) === JSON.stringify(this.stops)) return false;
    this.stops = stops;
    if (this.bundle) this.bundle.head.stops = stops;
    await this.storage.write("stops", stops);
    return true;
  }

  /** How many scans the server does not have. */
  async unsent() {
    return (await this.storage.unsent()).length;
  }

  /** One at a time: whoever asks meanwhile finds nothing left. */
  send() {
    const sent = this.sending.catch(() => {}).then(() => this.#send());
    this.sending = sent;
    return sent;
  }

  async #send() {
    const unsent = await this.storage.unsent();
    for (let at = 0; at < unsent.length; at += AT_ONCE) {
      const scans = unsent.slice(at, at + AT_ONCE);
      await api.sendBatch(this.phone.token, crypto.randomUUID(), scans);
      await this.storage.answered(...scans.map((one) => one.scan_id));
      this.network.answered();
      this.told("online");
    }
  }

  /** The phone stands at another event: its bundle is not the right one any more. */
  async elsewhere() {
    this.bundle = null;
    await this.storage.forgetBundle();
    await this.now();
  }

  async take() {
    if (!navigator.onLine || Date.now() - this.takenAt < FRESH) return;
    const said = await api.bundle(this.phone.token, this.phone.event.id, this.bundle?.version);
    if (said.event.id !== this.phone.event.id) return; // the phone was moved while this was on its way
    await this.hear(said.stops);
    await this.use(await Bundle.from(said, this.bundle));
    this.takenAt = Date.now();
    this.network.answered();
    this.told("online");
    if (said.whole || said.tickets) await this.storage.keepBundle(this.bundle.kept());
  }

  /** Out of service: the bundle goes at once, the scans as soon as the server has them. Says whether all is gone. */
  async leave() {
    this.bundle = null;
    clearTimeout(this.timer);
    await this.storage.forgetBundle();
    try {
      await this.send();
    } catch {
      return false;
    }
    await this.storage.wipe();
    return true;
  }
}
