/** A supervisor's deeds on this phone: let in after a refusal, take back; by PIN, and without network by the day's code. */

import * as api from "./api.js";
import { keyOf, proof } from "./day_code.js";
import { dayAt, letIn } from "./judge.js";
import { Full } from "./storage.js";
import { _, N_, onSpoken } from "./words.js";

const MOST_TRIES = 5;
const AGAIN = 700; // milliseconds until the server may have judged a scan that was only just handed in
const PATIENCE = 8;
const element = (id) => document.getElementById(id);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const NEVER = new Set(["unknown_code", "forged", "wrong_event", "not_judged", "not_inside"]);
const DONE = new Set(["already_overridden", "already_undone"]);
const REFUSALS = {
  wrong_pin: N_("Staff number and PIN do not fit a supervisor of this event."),
  supervisor_needed: N_("Give staff number and PIN."),
  pin_locked: N_("Five wrong tries: this PIN is locked for fifteen minutes."),
  not_found: N_("The server does not know this scan yet. Try again in a moment."),
};
const OTHERWISE = N_("The server refused this. Nothing was changed.");

/** What to say of a refusal by the server. */
export const refusal = (error) => _(REFUSALS[error.type.split("/").at(-1)] ?? OTHERWISE);

export class Deeds {
  /** @param {object} steward @param {object} status */
  constructor(steward, status) {
    Object.assign(this, { steward, status, storage: steward.storage, about: null, byCode: false, busy: false });
    element("call").addEventListener("click", () => this.#override());
    element("take-back").addEventListener("click", () => this.#undo());
    element("supervisor").querySelector("form").addEventListener("submit", (event) => {
      if (event.submitter?.value !== "decide") return;
      event.preventDefault();
      this.#decide();
    });
    onSpoken(() => this.#draw());
  }

  /** After the last answer: whether a supervisor could let this person in. */
  static able({ answer, scan, direction }) {
    return Boolean(scan) && direction === "in" && !NEVER.has(answer.verdict);
  }

  #override() {
    const { last } = this.steward;
    const words = ["verdict-words", "verdict-detail", "verdict-more"].map((id) => element(id).textContent);
    this.#open("override", last && Deeds.able(last) ? last : null, [this.steward.where, ...words]);
  }

  async #undo() {
    const last = await this.storage.read("admission");
    element("history").close();
    if (last) this.#open("undo", last, [last.where, last.type]);
  }

  #open(deed, about, words) {
    Object.assign(this, { deed, about, byCode: this.status.alone || !this.steward.network.open });
    element("supervisor-words").textContent = words.filter(Boolean).join(" · ");
    for (const id of ["secret", "why", "decide-says"]) element(id).value = element(id).textContent = "";
    element("people").value = Math.max(1, about?.answer?.ticket?.taken ?? 1);
    this.#draw();
    element("supervisor").showModal();
  }

  #draw() {
    const undo = this.deed === "undo";
    element("supervisor-title").textContent = undo ? _("Take back the last admission") : _("For the supervisor");
    element("decide-words").textContent = undo ? _("Take it back") : _("Let in here");
    element("secret-label").textContent = this.byCode ? _("The day's code") : _("PIN");
    element("secret").inputMode = this.byCode ? "text" : "numeric";
    element("by-code").hidden = !this.byCode || !this.about;
    element("decide-fields").hidden = element("decide").hidden = !this.about;
    element("elsewhere-help").hidden = undo;
    element("people-field").hidden = undo || !(this.about?.answer?.ticket?.admits > 1);
  }

  #say(words) {
    element("decide-says").textContent = words;
  }

  async #decide() {
    if (this.busy) return;
    const [staff_number, secret, reason] = ["staff-number", "secret", "why"].map((id) => element(id).value.trim());
    if (!staff_number || !secret || !reason) return this.#say(_("Fill in staff number, code and reason."));
    this.busy = true;
    try {
      const said = { staff_number, reason, bodies: this.deed === "undo" ? 1 : Number(element("people").value) || 1 };
      if (await (this.byCode ? this.#here(said, secret) : this.#online(said, secret))) await this.#done();
    } finally {
      this.busy = false;
      element("secret").value = "";
    }
  }

  /** Let the server decide; without an answer the day's code is asked for. Says whether it is done. */
  async #online({ staff_number, reason, bodies }, pin) {
    const { steward } = this;
    const { token } = steward.phone;
    try {
      await steward.sync.send();
      await this.#asked(() => api.decide(token, this.deed, this.about.scan.scan_id, { staff_number, pin, reason, ...(this.deed === "override" && { bodies }) }));
    } catch (error) {
      if (!(error instanceof api.Refused)) {
        this.byCode = true;
        this.#draw();
        this.#say(_("No network: give the day's code instead of the PIN."));
        return false;
      }
      if (error.status === 401) steward.told("refused", error);
      if (!DONE.has(error.type.split("/").at(-1))) {
        this.#say(refusal(error));
        return false;
      }
    }
    const noted = await this.#effect(bodies);
    if (noted) await this.storage.answered([], [{ ...noted, told: Date.now(), sure: true }]);
    steward.sync.house.moved(null, noted?.steps, true);
    return true;
  }

  /** A scan that was only just handed in is judged by a job: ask again for a while. */
  async #asked(ask) {
    for (let left = PATIENCE; ; left -= 1) {
      try {
        return await ask();
      } catch (error) {
        if (error.status !== 404 || left === 0) throw error;
        await pause(AGAIN);
      }
    }
  }

  /** Decide without network: five tries, each written down before it is looked at. */
  async #here(said, typed) {
    const { bundle } = this.steward.sync;
    const day = bundle && dayAt(bundle.head.days, this.steward.clock.now)?.number;
    const code = bundle?.head.codes?.find((one) => one.day === day);
    if (!code) return this.#refuse(_("This phone knows no code for today. Find network, or decide on the live page."));
    const tries = (await this.storage.read("tries")) ?? 0;
    if (tries >= MOST_TRIES) return this.#refuse(_("Five wrong tries: this phone takes no code until it has network."));
    try {
      await this.storage.write("tries", tries + 1);
      const key = await keyOf(code, typed);
      if (!key) return this.#refuse(_("That is not the day's code: {count} tries left.", { count: MOST_TRIES - tries - 1 }));
      await this.storage.write("tries", 0);
      await this.#keep(said, code, key);
      return true;
    } catch (error) {
      if (!(error instanceof Full)) throw error;
      return this.#refuse(_("This phone's storage is full. Nothing was changed."));
    }
  }

  #refuse(words) {
    this.#say(words);
    return false;
  }

  async #keep(said, code, key) {
    const { steward } = this;
    const { scanned_at, clock_offset_ms } = steward.clock.stamp();
    const scan_id = this.about.scan.scan_id;
    const deed_id = crypto.randomUUID();
    const deed = { deed: this.deed, scan_id, ...said, done_at: scanned_at, clock_offset_ms, code_id: code.id };
    deed.proof = await proof(key, { ...deed, deed_id });
    const noted = await this.#effect(said.bodies);
    await this.storage.keepDeed(deed_id, deed, noted);
    if (noted) steward.sync.unsure.add(noted.key);
    steward.sync.house.moved(deed_id, noted?.steps, false);
    await this.status.told(this.status.state);
  }

  /** What the deed does to the ticket here; what this phone read last answers no more. */
  async #effect(bodies) {
    const { sync, phone, clock, seen } = this.steward;
    seen.key = "";
    if (!sync.bundle) return null;
    if (this.deed === "undo") return this.about.noted ? sync.bundle.takeBack(this.about.noted) : null;
    return letIn(sync.bundle, this.about.what, phone.gate.id, bodies, clock.now);
  }

  async #done() {
    element("supervisor").close();
    this.steward.verdict.leave();
    if (this.deed === "undo") await this.storage.write("admission", null);
    this.steward.last = null;
    this.status.flash(this.deed === "undo" ? N_("Taken back: the ticket may come in again.") : N_("Let in by a supervisor."));
  }

  /** The server was reached: whoever mistyped the code may try again. */
  async unlock() {
    if (await this.storage.read("tries")) await this.storage.write("tries", 0);
  }
}
