/** The till: keys and touches in, slip and tender drawn, sales sent. */

import { alone, asked, toKeep } from "./beside.js";
import { draw } from "./draw.js";
import { Finder } from "./find.js";
import { Kept } from "./kept.js";
import { listen } from "./keys.js";
import { words } from "./money.js";
import { printTickets, showCodes } from "./paper.js";
import { Sales } from "./sale.js";
import { Server } from "./server.js";
import { answered, fresh, pick, press } from "./slip.js";
import { close, turnTo } from "./tender.js";

/** @typedef {{id: string, number: string, name: string, price_cents: number, vat_rate_bp: number, on_sale: boolean}} Type */

const NO_ANSWER = "No answer from the server. Nothing was sold and the slip is kept: Enter tries again.";

export class Till {
  /** @param {HTMLElement} root */
  constructor(root) {
    const { slug, event, currency, rounding, find, holds, hold, kept, ways, timezone } = root.dataset;
    /** @type {{gateway: string, name: string, method?: string}[]} other ways to pay than cash and card machines */
    this.ways = JSON.parse(ways ?? "[]");
    this.clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: timezone });
    this.currency = currency ?? "ZAR";
    this.rounding = Number(rounding ?? 1);
    this.kept = new Kept(event ?? "");
    this.server = new Server(slug ?? "", event ?? "");
    this.finder = new Finder(this, find ?? "", holds ?? "");
    this.holds = holds ?? "";
    /** @type {{id: string, name: string, lines: import("./slip.js").Line[]} | null} a hold that the page was opened for */
    this.opened = JSON.parse(hold ?? "null");
    /** whether what the slip said is kept under a name now */
    this.wasKept = kept !== undefined;
    this.slip = fresh();
    this.beside = alone();
    /** @type {{id: string, total_cents: number, cash_total_cents: number, hold_expires_at: string, kept_for?: string, discount_cents?: number, fee_cents?: number, fee_name?: string} | null} */
    this.hold = null;
    /** @type {string | null} a hold that the next one replaces */
    this.replaces = null;
    /** @type {{key: string, lines: string} | null} the tender that is being asked for, or whose answer never came */
    this.asking = null;
    /** @type {any} the last sale that was paid */
    this.paid = null;
    this.refusal = "";
    this.sales = new Sales(this.server, this.kept, { paid: (told) => this.#paid(told), changed: () => this.#answered() });
  }

  /** The types as the page shows them; a push replaces the rows, so they are read anew. @returns {Map<string, Type>} */
  get types() {
    const rows = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#types [data-type]"));
    return new Map([...rows].map(({ dataset: said }) => [said.type ?? "", {
      id: said.type ?? "",
      number: said.number ?? "",
      name: said.name ?? "",
      price_cents: Number(said.price),
      vat_rate_bp: Number(said.vat),
      on_sale: said.onSale === "yes",
    }]));
  }

  total() {
    const types = this.types;
    return this.slip.lines.reduce((sum, line) => sum + (types.get(line.id)?.price_cents ?? 0) * line.quantity, 0);
  }

  /** What is due in cash, once the hold has answered and the sale before is saved. */
  due() {
    return this.hold && !this.sales.saving ? this.hold.cash_total_cents : null;
  }

  start() {
    const { lines, holdId, paid, beside } = this.kept.slip();
    this.slip = this.#of(lines);
    this.replaces = holdId;
    this.paid = paid;
    this.beside = { ...alone(), ...beside };
    if (this.wasKept) this.#emptied();
    else if (this.opened) this.#take(this.opened);
    this.sales.resume();
    listen((key) => this.press(key), (code) => this.#scanned(code));
    document.addEventListener("click", (event) => this.#touched(/** @type {Element} */ (event.target)));
    document.addEventListener("live:swapped", () => draw(this));
    draw(this);
  }

  /** A slip of these lines. @param {import("./slip.js").Line[]} lines */
  #of(lines) {
    const known = this.types;
    const again = lines.filter((line) => known.has(line.id));
    return { ...fresh(), lines: again, last: again[again.length - 1]?.id ?? null };
  }

  /** Take up a hold with a name; the slip being written is put aside. @param {NonNullable<Till["opened"]>} opened */
  #take({ id, name, lines }) {
    history.replaceState(null, "", location.pathname);
    if (this.slip.lines.length && this.replaces !== id) this.#aside(this.slip.lines);
    this.slip = this.#of(lines);
    this.beside = { ...alone(), kept: { id, name } };
    this.replaces = id;
    this.#keep();
  }

  /** The slip became a hold with a name. */
  #emptied() {
    history.replaceState(null, "", location.pathname);
    this.slip = fresh();
    this.beside = alone();
    this.#keep();
  }

  /** Say who buys what is on the slip. @param {{id: string, name: string}} customer */
  sellTo(customer) {
    if (this.slip.mode !== "slip") return;
    this.beside = { ...this.beside, customer };
    this.#keep();
    draw(this);
  }

  /** @param {string} code */
  useCode(code) {
    if (this.slip.mode !== "slip") return;
    this.beside = { ...this.beside, code };
    this.#keep();
    draw(this);
  }

  /** A customer who was not known before. @param {string} typed */
  async writeDown(typed) {
    const told = await this.server.writeDown(typed);
    if (told.status === 201) return this.sellTo(told.body);
    this.refusal = told.body?.title ?? "No answer from the server: the customer was not written down.";
    return draw(this);
  }

  /** Something beside the lines is not meant after all. @param {string} what */
  #drop(what) {
    if (this.slip.mode !== "slip") return;
    if (what === "kept") this.replaces = null;
    this.beside = { ...this.beside, [what]: null };
    this.#keep();
    draw(this);
  }

  /** Ask for a hold with a name; the slip stays until it is kept. */
  #toKeep() {
    const { lines, mode } = this.slip;
    if (mode === "slip" && lines.length && !this.beside.kept) location.assign(toKeep(this.holds, lines));
  }

  /** @param {Element} target */
  #touched(target) {
    const { dataset: said } = /** @type {HTMLElement} */ (target.closest("button") ?? document.createElement("i"));
    if (said.type) this.add(said.type);
    else if (said.press) this.press(said.press);
    else if (said.line) this.#count(said.line);
    else if (said.take) this.#type((Number(said.take) / 100).toFixed(2));
    else if (said.seen) this.sales.seen(said.seen);
    else if (said.tender) this.#turn(/** @type {"cash" | "card" | "other"} */ (said.tender));
    else if (said.aside) this.#resume(said.aside);
    else if (said.drop) this.#drop(said.drop);
    else if (said.keep !== undefined) this.#toKeep();
    else if (said.codes) showCodes(said.codes);
    else if (said.print) printTickets(said.print);
    else if (said.printsEach !== undefined) this.#printsEach();
  }

  /** Add one of a type that was touched. @param {string} typeId */
  add(typeId) {
    const type = this.types.get(typeId);
    if (this.slip.mode === "slip" && type) this.#apply(press(this.slip, "1", { keys: { 1: type }, due: null }));
  }

  /** @param {string} lineId */
  #count(lineId) {
    if (this.slip.mode === "slip") this.#apply(press(pick(this.slip, lineId), "*", this.#known()));
  }

  /** @param {string} typed */
  #type(typed) {
    this.#apply({ slip: { ...this.slip, typed, asked: false }, effects: [] });
  }

  /** @param {"cash" | "card" | "other"} mode */
  #turn(mode) {
    if (this.slip.mode === "slip") this.press({ cash: "Enter", card: "+", other: "/" }[mode]);
    else if (!this.slip.early) this.#apply({ slip: turnTo(this.slip, mode), effects: [] });
  }

  /** Put a slip aside, to be taken up later. @param {import("./slip.js").Line[]} lines */
  #aside(lines) {
    const at = this.clock.format();
    const types = this.types;
    const words = lines.map((line) => `${line.quantity} ${types.get(line.id)?.name ?? "ticket"}`).join(", ");
    this.kept.putAside({ id: crypto.randomUUID(), at, words, lines });
  }

  /** Take up a slip that was put aside; the one being written takes its place. @param {string} id */
  #resume(id) {
    const taken = this.kept.aside().find((one) => one.id === id);
    if (!taken || this.slip.mode !== "slip") return;
    this.kept.takeUp(id);
    if (this.slip.lines.length) this.#aside(this.slip.lines);
    this.#alone();
    this.#apply({ slip: this.#of(taken.lines), effects: [] });
  }

  #printsEach() {
    this.kept.printsEach = !this.kept.printsEach;
    draw(this);
  }

  /** @param {string} key */
  press(key) {
    const letter = key.toLowerCase();
    if (this.paid && letter === "p") printTickets(this.paid.print_url);
    else if (this.paid && letter === "q") showCodes(this.paid.codes_url);
    else if (letter === "h") this.#toKeep();
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
    this.#keep();
    draw(this);
  }

  /** Another slip: what stood beside the last is not meant for it, and a hold with a name stays kept. */
  #alone() {
    if (this.beside.kept && !this.hold) this.replaces = null;
    this.beside = alone();
  }

  #keep() {
    this.kept.keepSlip(this.slip.lines, this.hold?.id ?? this.replaces, this.paid, this.beside);
  }

  /** @param {import("./slip.js").Effect} effect @param {import("./slip.js").Line[]} lines of the slip before */
  #do(effect, lines) {
    if (effect.do === "hold") this.#hold();
    else if (effect.do === "release") this.#release();
    else if (effect.do === "find") this.finder.open();
    else if (effect.do === "aside") this.#aside(lines);
    else if (effect.do === "complete") this.#complete(effect);
    else for (const key of effect.keys ?? []) this.press(key);
  }

  async #hold() {
    const wantedLines = this.slip.lines.map((line) => ({ ticket_type_id: line.id, quantity: line.quantity }));
    const more = asked(this.beside);
    const lines = JSON.stringify([wantedLines, more]);
    // A tender whose answer never came may hold its places: the same slip asks for it by the same key.
    const mine = this.asking?.lines === lines ? this.asking : { key: crypto.randomUUID(), lines };
    this.asking = mine;
    const told = await this.server.hold(wantedLines, mine.key, this.replaces, more);
    const wanted = this.asking === mine && this.slip.mode !== "slip";
    if (told.status !== 0 && this.asking === mine) this.asking = null;
    if (told.status === 201 && wanted) this.hold = told.body;
    else if (told.status === 201) this.#letGo(told.body);
    else if (wanted) this.slip = close(this.slip);
    // A hold with a name may have become another while Esc was pressed: a reload must know of it.
    if (!wanted) return this.#keep();
    if (told.status === 201) this.replaces = null;
    else this.refusal = told.status ? this.#refused(told.body) : NO_ANSWER;
    this.#keep();
    this.#answered();
  }

  /** @param {any} problem */
  #refused(problem) {
    const types = this.types;
    const left = this.slip.lines
      .filter((line) => (problem.left?.[line.id] ?? line.quantity) < line.quantity)
      .map((line) => `${problem.left[line.id] || "none"} of ${types.get(line.id)?.name} left`);
    return [problem.title ?? "That cannot be sold", ...left, problem.detail].filter(Boolean).join(". ").replaceAll("..", ".");
  }

  /** Something came back: an early Enter counts now. */
  #answered() {
    const done = answered(this.slip, this.#known());
    if (done.slip === this.slip) draw(this);
    else this.#apply(done);
  }

  #release() {
    this.asking = null;
    if (!this.hold) return;
    this.replaces = this.hold.id;
    this.#letGo(this.hold);
    this.hold = null;
  }

  /** Give a hold up; one with a name stays kept, now as this slip is. @param {NonNullable<Till["hold"]>} hold */
  #letGo({ id, kept_for: name }) {
    if (!name) this.server.release(id);
    else if (this.beside.kept) {
      this.beside = { ...this.beside, kept: { id, name } };
      this.replaces = id;
    }
  }

  /** @param {import("./slip.js").Effect} effect */
  #complete({ tendered = 0, change = 0, payments = [] }) {
    const hold = /** @type {NonNullable<Till["hold"]>} */ (this.hold);
    const allCash = payments.every((payment) => payment.gateway === "cash");
    this.hold = null;
    this.paid = null;
    this.sales.send({
      id: hold.id, payments, tendered, change, at: this.clock.format(), words: words(hold),
      due: allCash ? hold.cash_total_cents : hold.total_cents,
    });
  }

  /** @param {any} told */
  #paid(told) {
    this.paid = told;
    this.#keep();
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
