/** What the steward sees all the time: where, who judges, what is unsent, how old the tickets are, battery, what to do. */

import { _, N_, onSpoken } from "./words.js";

const element = (id) => document.getElementById(id);
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const FLASHES = 4000; // milliseconds
const OLD = 600; // seconds after which tickets are called old

export class Status {
  /** @param {object} steward */
  constructor(steward) {
    this.steward = steward;
    this.state = navigator.onLine ? "online" : "away";
    this.ground = N_("Starting the camera");
    this.battery = null;
    onSpoken(() => this.draw());
    setInterval(() => this.facts(), 10000);
  }

  /** Say what to do while all is well. */
  say(words) {
    this.ground = words;
    return this.told(this.state);
  }

  /** Say for a while what was done. */
  flash(words) {
    this.flashed = words;
    clearTimeout(this.flashing);
    this.flashing = setTimeout(() => {
      this.flashed = null;
      this.draw();
    }, FLASHES);
    this.draw();
  }

  /** @param {string} state online, here (this phone judges), away, full (storage) or gone (out of service) */
  async told(state) {
    this.state = state;
    this.unsent = await this.steward.sync.unsent();
    this.draw();
  }

  get bundle() {
    return this.steward.sync.bundle;
  }

  get alone() {
    return this.state !== "online";
  }

  get away() {
    return this.alone && !this.bundle;
  }

  draw() {
    const { steward } = this;
    const camera = element("camera");
    element("where").textContent = steward.where;
    element("direction-words").textContent = steward.direction === "in" ? _("To out") : _("To in");
    camera.dataset.tickets = this.bundle?.count ?? "";
    camera.classList.toggle("out", steward.direction === "out");
    camera.classList.toggle("away", this.away || this.state === "full");
    camera.classList.toggle("here", this.alone && !this.away && this.state !== "full");
    const judges = this.away ? _("no network") : this.alone ? _("this phone judges") : _("online");
    const unsent = _("{count} unsent", { count: this.unsent });
    element("network").textContent = this.unsent ? `${judges} · ${unsent}` : judges;
    element("say").textContent = this.words();
    this.facts();
  }

  /** What to do now. */
  words() {
    const at = this.bundle && clock.format(new Date(this.bundle.madeAt * 1000));
    const count = this.unsent;
    if (this.flashed) return _(this.flashed);
    if (this.state === "gone") return _("Out of service. Keep this page open until it has network: {count} scans are not sent yet.", { count });
    if (this.state === "full") return _("Storage is full: nobody can be let in here. Find network and keep this page open: {count} unsent.", { count });
    if (this.steward.sync.over) return _("The event is over: this phone has forgotten its tickets.");
    if (this.away) return _("No network: nothing is judged");
    if (this.steward.stopped) return _("Entry is stopped: let nobody in");
    return this.alone ? _("No network: judged here, by what was known at {time}", { time: at }) : _(this.ground);
  }

  /** How old the tickets are that this phone would judge by, and how long its battery lasts. */
  facts() {
    const says = [this.age()];
    if (this.battery !== null) says.push(_("battery {count} %", { count: this.battery }));
    element("facts").textContent = says.filter(Boolean).join(" · ");
    element("facts").classList.toggle("low", this.battery !== null && this.battery <= 15);
  }

  age() {
    if (!this.bundle) return _("no tickets on this phone yet");
    const seconds = Math.max(0, this.steward.clock.now - this.bundle.madeAt);
    const count = Math.floor(seconds / 60);
    if (seconds < 60) return _("tickets up to date");
    return seconds < OLD ? _("tickets {count} min old", { count }) : _("tickets {count} min old: find network", { count });
  }
}
