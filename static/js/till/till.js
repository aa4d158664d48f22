/** The till: keys and touches in, slip and tender drawn, sales sent. */

import { alone, toKeep } from "./beside.js";
import { draw } from "./draw.js";
import { Finder } from "./find.js";
import { Holding } from "./holding.js";
import { Kept } from "./kept.js";
import { listen } from "./keys.js";
import { Lower } from "./lower.js";
import { words } from "./money.js";
import { becameHold, takeUp } from "./named.js";
import { printTickets, showCodes } from "./paper.js";
import { priced } from "./price.js";
import { Sales } from "./sale.js";
import { Server } from "./server.js";
import { answered, fresh, pick, press } from "./slip.js";
import { turnTo } from "./tender.js";
import { touched } from "./touch.js";
import { typesShown } from "./types.js";

export class Till {
  /** @param {HTMLElement} root */
  constructor(root) {
    const { slug, event, currency, rounding, find, holds, hold, kept, ways, timezone, fees } = root.dataset;
    /** @type {{gateway: string, name: string, method?: string}[]} other ways to pay than cash and card machines */
    this.ways = JSON.parse(ways ?? "[]");
    this.clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: timezone });
    this.currency = currency ?? "ZAR";
    this.rounding = Number(rounding ?? 1);
    this.kept = new Kept(event ?? "");
    this.server = new Server(slug ?? "", event ?? "");
    this.finder = new Finder(this, find ?? "", holds ?? "");
    this.holds = holds ?? "";
    /** @type {import("./price.js").Fee[]} as they were when the page was loaded; the hold's answer counts */
    this.fees = JSON.parse(fees ?? "[]");
    this.lower = new Lower(this);
    /** @type {import("./named.js").Opened | null} */
    this.opened = JSON.parse(hold ?? "null");
    this.becameHold = kept !== undefined;
    this.slip = fresh();
    this.beside = alone();
    this.holding = new Holding(this);
    /** @type {any} the last sale that was paid */
    this.paid = null;
    this.refusal = "";
    this.sales = new Sales(this.server, this.kept, { paid: (told) => this.#paid(told), changed: () => this.answered() });
  }

  get types() {
    return typesShown();
  }

  get hold() {
    return this.holding.now;
  }

  /** What the slip comes to as far as this page knows. */
  priced() {
    return priced(this.slip.lines, this.types, this.fees, this.beside.discount);
  }

  total() {
    return this.priced().total;
  }

  /** What is due in cash, once the hold has answered and the sale before is saved. */
  due() {
    return this.hold && !this.sales.saving ? this.hold.cash_total_cents : null;
  }

  start() {
    const { lines, holdId, paid, beside } = this.kept.slip();
    this.slip = this.slipOf(lines);
    this.holding.replaces = holdId;
    this.paid = paid;
    this.beside = { ...alone(), ...beside };
    if (this.becameHold) becameHold(this);
    else if (this.opened) takeUp(this, this.opened);
    this.sales.resume();
    listen((key) => this.press(key), (code) => this.#scanned(code));
    document.addEventListener("click", (event) => touched(this, /** @type {Element} */ (event.target)));
    document.addEventListener("live:swapped", () => draw(this));
    draw(this);
  }

  /** A slip of these lines. @param {import("./slip.js").Line[]} lines */
  slipOf(lines) {
    const known = this.types;
    const again = lines.filter((line) => known.has(line.id));
    return { ...fresh(), lines: again, last: again[again.length - 1]?.id ?? null };
  }

  /** Something beside the lines is meant: who buys, a code. @param {Partial<import("./beside.js").Beside>} more */
  mean(more) {
    if (this.slip.mode !== "slip") return;
    this.beside = { ...this.beside, ...more };
    this.keep();
    draw(this);
  }

  /** A customer who was not known before. @param {string} typed */
  async writeDown(typed) {
    const told = await this.server.writeDown(typed);
    if (told.status === 201) return this.mean({ customer: told.body });
    this.refusal = told.body?.title ?? "No answer from the server: the customer was not written down.";
    return draw(this);
  }

  /** Something beside the lines is not meant after all. @param {string} what */
  drop(what) {
    if (what === "kept" && this.slip.mode === "slip") this.holding.replaces = null;
    this.mean({ [what]: null });
  }

  /** Ask for a hold with a name; the slip stays until it is kept. */
  toKeep() {
    const { lines, mode } = this.slip;
    if (mode === "slip" && lines.length && !this.beside.kept) location.assign(toKeep(this.holds, lines));
  }

  /** Add one of a type that was touched. @param {string} typeId */
  add(typeId) {
    const type = this.types.get(typeId);
    if (this.slip.mode === "slip" && type) this.#apply(press(this.slip, "1", { keys: { 1: type }, due: null }));
  }

  /** @param {string} lineId */
  count(lineId) {
    if (this.slip.mode === "slip") this.#apply(press(pick(this.slip, lineId), "*", this.#known()));
  }

  /** @param {string} typed */
  type(typed) {
    this.#apply({ slip: { ...this.slip, typed, asked: false }, effects: [] });
  }

  /** @param {"cash" | "card" | "other"} mode */
  turn(mode) {
    if (this.slip.mode === "slip") this.press({ cash: "Enter", card: "+", other: "/" }[mode]);
    else if (!this.slip.early) this.#apply({ slip: turnTo(this.slip, mode), effects: [] });
  }

  /** Put a slip aside, to be taken up later. @param {import("./slip.js").Line[]} lines */
  putAside(lines) {
    const at = this.clock.format();
    const types = this.types;
    const words = lines.map((line) => `${line.quantity} ${types.get(line.id)?.name ?? "ticket"}`).join(", ");
    this.kept.putAside({ id: crypto.randomUUID(), at, words, lines });
  }

  /** Take up a slip that was put aside; the one being written takes its place. @param {string} id */
  resume(id) {
    const taken = this.kept.aside().find((one) => one.id === id);
    if (!taken || this.slip.mode !== "slip") return;
    this.kept.takeUp(id);
    if (this.slip.lines.length) this.putAside(this.slip.lines);
    this.#alone();
    this.#apply({ slip: this.slipOf(taken.lines), effects: [] });
  }

  /** @param {string} key */
  press(key) {
    const letter = key.toLowerCase();
    if (this.paid && letter === "p") printTickets(this.paid.print_url);
    else if (this.paid && letter === "q") showCodes(this.paid.codes_url);
    else if (letter === "h") this.toKeep();
    else if (letter === "d") this.lower.open();
    else if (this.#mayReverse(key)) location.assign(this.paid.reverse_url);
    else this.#apply(press(this.slip, key, this.#known()));
  }

  /** Backspace with nothing to undo means the sale just paid: its page asks first. @param {string} key */
  #mayReverse(key) {
    const empty = this.slip.mode === "slip" && !this.slip.lines.length && !this.slip.before.length;
    return key === "Backspace" && empty && Boolean(this.paid?.reverse_url);
  }

  /** @returns {import("./slip.js").Known} */
  #known() {
    const keys = Object.fromEntries([...this.types.values()].map((type) => [type.number, type]));
    const free = this.slip.lines.length > 0 && this.total() === 0;
    return { keys, due: this.due(), total: this.hold?.total_cents, step: this.rounding, ways: this.ways, free };
  }

  /** @param {import("./slip.js").Pressed} pressed */
  #apply({ slip, effects }) {
    const before = this.slip.lines;
    this.refusal = slip.note;
    this.slip = slip;
    for (const effect of effects) this.#do(effect, before);
    if (before.length && !slip.lines.length) this.#alone();
    this.keep();
    draw(this);
  }

  /** Another slip: what stood beside the last is not meant for it, and a hold with a name stays kept. */
  #alone() {
    if (this.beside.kept && !this.hold) this.holding.replaces = null;
    this.beside = alone();
  }

  keep() {
    this.kept.keepSlip(this.slip.lines, this.holding.id, this.paid, this.beside);
  }

  /** @param {import("./slip.js").Effect} effect @param {import("./slip.js").Line[]} lines of the slip before */
  #do(effect, lines) {
    if (effect.do === "hold") this.holding.ask();
    else if (effect.do === "release") this.holding.release();
    else if (effect.do === "find") this.finder.open();
    else if (effect.do === "aside") this.putAside(lines);
    else if (effect.do === "complete") this.#complete(effect);
    else for (const key of effect.keys ?? []) this.press(key);
  }

  /** Something came back: an early Enter counts now. */
  answered() {
    const done = answered(this.slip, this.#known());
    if (done.slip === this.slip) draw(this);
    else this.#apply(done);
  }

  /** @param {import("./slip.js").Effect} effect */
  #complete({ tendered = 0, change = 0, payments = [] }) {
    const hold = this.holding.take();
    const allCash = payments.every((payment) => payment.gateway === "cash");
    this.paid = null;
    this.sales.send({
      id: hold.id, payments, tendered, change, at: this.clock.format(), words: words(hold),
      due: allCash ? hold.cash_total_cents : hold.total_cents,
    });
  }

  /** @param {any} told */
  #paid(told) {
    this.paid = told;
    this.keep();
    if (this.kept.printsEach) printTickets(told.print_url);
  }

  /** A scanner's code opens its ticket; it never sells. @param {string} code */
  async #scanned(code) {
    this.refusal = (await this.finder.byCode(code)) ? "" : "That code is not of one of our tickets. Nothing was changed.";
    draw(this);
  }
}

const root = document.getElementById("till");
if (root) new Till(root).start();
