/** The verdict covers the phone: colour, picture, words, where and when. */

import { tell } from "./sound.js";
import { _, N_ } from "./words.js";

const GREEN_LEAVES = 1200; // milliseconds
const BLUE_LEAVES = 5000;
const RUN_ENDS = 8000; // greens further apart than this are not one group

const element = (id) => document.getElementById(id);

/** Verdict → {kind, icon, words}, from the page. */
const known = new Map(
  [...document.getElementById("verdicts").content.children].map((one) => [
    one.dataset.name,
    { kind: one.dataset.kind, icon: one.dataset.icon, words: one.textContent },
  ]),
);

const PASSED = new Set(["admitted", "exited", "offline_admitted"]);
const ADVICE = {
  no_reentry: N_("This ticket lets in once."),
  group_incomplete: N_("Wait until the whole group is here."),
  wrong_event: N_("A ticket for another event."),
  wrong_zone: N_("This ticket does not open this zone."),
  void: N_("Taken back or replaced. Ask at the box office."),
  blocked: N_("Ask a supervisor."),
  unknown_code: N_("Try again, or type the serial."),
  forged: N_("Nobody of ours has signed this code."),
  entry_stopped: N_("A supervisor has stopped entry."),
  not_judged: N_("No network: nothing was judged, nobody was let in. Scan again when it is back."),
  wrong_gate: N_("Send to another gate."),
  zone_full: N_("Wait until somebody leaves."),
  not_inside: N_("Let out; it is noted."),
};

const OTHER_DAY = [N_("Too early: for another day"), N_("Too late: for another day")];

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** Where and when before, in words: "Came in at North 2,\n17:03:21, 38 min ago". */
function before(previous, now) {
  const at = new Date(previous.at);
  const minutes = Math.floor((now * 1000 - at.getTime()) / 60000);
  const hours = Math.floor(minutes / 60);
  const ago = minutes < 1 ? _("just now") : minutes < 120 ? _("{minutes} min ago", { minutes }) : _("{hours} h ago", { hours });
  const came = previous.gate ? _("Came in at {gate}", { gate: previous.gate }) : _("Came in");
  return `${came},\n${clock.format(at)}, ${ago}`;
}

/** From when or until when a ticket lets in, for who comes too early or too late: times on the venue's wall. */
function when({ verdict, ticket, message }) {
  const { from, until } = ticket?.valid ?? {};
  if (OTHER_DAY.includes(message)) return "";
  if (verdict === "too_early" && from) return _("Lets in from {time}", { time: from });
  return verdict === "too_late" && until ? _("Let in until {time}", { time: until }) : "";
}

function detail(answer, now) {
  if (answer.full) return _("This phone's storage is full: nobody was let in. Find network and keep this page open.");
  if (answer.refused) return _("The server refused this scan: nobody was let in. Call a supervisor.");
  if (PASSED.has(answer.verdict)) return admitted(answer.ticket);
  if (when(answer)) return when(answer);
  if (answer.counted) return _("By the count of {time}. Wait until somebody leaves.", { time: clock.format(new Date(answer.counted)) });
  if (answer.previous && answer.verdict !== "not_inside") return before(answer.previous, now);
  return ADVICE[answer.verdict] ? _(ADVICE[answer.verdict]) : "";
}

function admitted(ticket) {
  if (!ticket) return "";
  const many = ticket.taken ?? 1;
  const share = _("{many} of {all}", { many, all: ticket.admits });
  return ticket.admits > 1 ? `${ticket.type} · ${share}` : ticket.type;
}

function more(answer) {
  const ticket = answer.ticket;
  const says = [];
  if (ticket?.serial) says.push(answer.verdict === "admitted" ? ticket.serial : `${ticket.type} · ${ticket.serial}`);
  if (answer.here) says.push(_("judged on this phone"));
  if (answer.occupancy) says.push(_("{count} inside", { count: answer.occupancy.event.toLocaleString("en-ZA") }));
  return says.join(" · ");
}

/** The words of an answer, in the language that is spoken; the server's say more where a ticket is for another day. */
export function words({ verdict, message }) {
  if (OTHER_DAY.includes(message)) return _(message);
  return _((known.get(verdict) ?? known.get("not_judged")).words);
}

export class Verdict {
  /** @param {{now: number}} clock the server's, in seconds */
  constructor(clock) {
    this.clock = clock;
    this.box = element("verdict");
    this.locked = false;
    this.run = 0;
    this.greenAt = -RUN_ENDS;
    this.timer = 0;
    element("next").addEventListener("click", () => this.leave());
    this.box.addEventListener("click", (event) => {
      if (!event.target.closest("button")) this.leave();
    });
  }

  /** Show an answer; `repeated` when it is the first answer of a code that was read again. */
  show(answer, where, repeated = false) {
    const { kind, icon } = known.get(answer.verdict) ?? known.get("not_judged");
    this.count(kind, repeated);
    this.box.className = `verdict ${kind}${answer.verdict === "offline_admitted" ? " offline" : ""}`;
    element("verdict-icon").setAttribute("href", `#i-${icon}`);
    element("verdict-where").textContent = where;
    element("verdict-run").textContent = this.run > 1 ? _("{count} in a row", { count: this.run }) : "";
    element("verdict-words").textContent = words(answer);
    element("verdict-detail").textContent = detail(answer, this.clock.now);
    element("verdict-more").textContent = more(answer);
    element("call").hidden = answer.verdict === "not_inside";
    this.box.hidden = false;
    this.locked = kind === "stop";
    if (this.locked) element("next").focus();
    tell(answer.verdict, kind);
    clearTimeout(this.timer);
    if (!this.locked) this.timer = setTimeout(() => this.leave(), kind === "go" ? GREEN_LEAVES : BLUE_LEAVES);
  }

  count(kind, repeated) {
    const now = performance.now();
    if (kind !== "go") this.run = 0;
    else if (!repeated) this.run = now - this.greenAt < RUN_ENDS ? this.run + 1 : 1;
    if (kind === "go") this.greenAt = now;
  }

  leave() {
    clearTimeout(this.timer);
    this.locked = false;
    this.box.hidden = true;
  }
}
