/** The till: keys and touches in, slip and tender drawn, sales sent. */

import { draw } from "./draw.js";
import { Kept } from "./kept.js";
import { listen } from "./keys.js";
import { Sales } from "./sale.js";
import { Server } from "./server.js";
import { fresh, press } from "./slip.js";

export class Till {
  /** @param {HTMLElement} root */
  constructor(root) {
    const { slug, event, currency, rounding, vatRate } = root.dataset;
    this.currency = currency ?? "ZAR";
    this.rounding = Number(rounding ?? 1);
    this.vatRate = Number(vatRate ?? 0);
    this.find = root.dataset.find ?? "";
    this.server = new Server(slug ?? "", event ?? "");
    this.kept = new Kept(event ?? "");
    this.slip = fresh();
    /** @type {{id: string, cash_total_cents: number} | null} */
    this.hold = null;
    /** @type {string | null} a hold that the next one replaces */
    this.replaces = null;
    /** @type {any} the last sale that was paid */
    this.last = null;
    this.refusal = "";
    this.sales = new Sales(this.server, this.kept, {
      paid: (_sale, told) => { this.last = told; },
      refused: (_sale, told) => { this.refusal = `${told?.title ?? "The sale was refused"}. ${told?.detail ?? ""} No money was booked.`; },
      changed: () => this.#early(),
    });
  }

  /** The types as the page shows them; a push replaces the rows, so they are read anew. */
  get types() {
    const rows = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-type]"));
    return new Map([...rows].map((row) => [row.dataset.type ?? "", {
      id: row.dataset.type ?? "",
      number: row.dataset.number ?? "",
      name: row.dataset.name ?? "",
      price_cents: Number(row.dataset.price),
      vat_rate_bp: Number(row.dataset.vat),
      on_sale: row.dataset.onSale === "yes",
    }]));
  }

  total() {
    const types = this.types;
    return this.slip.lines.reduce((sum, line) => sum + (types.get(line.id)?.price_cents ?? 0) * line.quantity, 0);
  }

  due() {
    return this.hold && !this.sales.saving ? this.hold.cash_total_cents : null;
  }

  start() {
    const { lines, holdId } = this.kept.slip();
    const known = this.types;
    this.slip = { ...fresh(), lines: lines.filter((line) => known.has(line.id)) };
    this.replaces = holdId;
    this.sales.resume();
    listen((key) => this.press(key), (code) => location.assign(`${this.find}?q=${encodeURIComponent(code)}`));
    document.addEventListener("click", (event) => this.#touched(/** @type {Element} */ (event.target)));
    document.addEventListener("live:swapped", () => draw(this));
    draw(this);
  }

  /** @param {Element} target */
  #touched(target) {
    const row = /** @type {HTMLElement | null} */ (target.closest("[data-type]"));
    const pressed = /** @type {HTMLElement | null} */ (target.closest("[data-press]"));
    const sum = /** @type {HTMLElement | null} */ (target.closest("[data-take]"));
    if (row) this.press(row.dataset.number ?? "", row.dataset.type);
    else if (pressed) this.press(pressed.dataset.press === "Esc" ? "Escape" : pressed.dataset.press ?? "");
    else if (sum) {
      this.slip = { ...this.slip, typed: (Number(sum.dataset.take) / 100).toFixed(2), asked: false };
      draw(this);
    }
  }

  /** @param {string} key @param {string} [typeId] a row that was touched */
  press(key, typeId) {
    if (this.slip.mode === "slip" && this.last && this.slip.lines.length === 0 && this.#afterPaid(key)) return;
    if (typeId && this.slip.mode !== "slip") return;
    this.refusal = "";
    const types = this.types;
    const listed = [...types.values()];
    const keys = typeId ? { 1: types.get(typeId) } : Object.fromEntries(listed.map((type) => [type.number, type]));
    const { slip, effects } = press(this.slip, typeId ? "1" : key, { keys, due: this.due() });
    this.slip = slip;
    for (const effect of effects) this.#do(effect);
    this.kept.keepSlip(this.slip.lines, this.hold?.id ?? this.replaces);
    draw(this);
  }

  /** @param {string} key */
  #afterPaid(key) {
    const pages = { p: this.last.print_url, q: this.last.codes_url };
    const page = pages[key.toLowerCase()];
    if (page) open(page, "_blank");
    return Boolean(page);
  }

  /** @param {import("./slip.js").Effect} effect */
  #do(effect) {
    if (effect.do === "hold") this.#hold();
    else if (effect.do === "release") this.#release();
    else if (effect.do === "find") location.assign(this.find);
    else if (effect.do === "complete") this.#complete(effect.tendered ?? 0);
  }

  async #hold() {
    const lines = this.slip.lines.map((line) => ({ ticket_type_id: line.id, quantity: line.quantity }));
    const mine = (this.asking = crypto.randomUUID());
    const answer = await this.server.hold(lines, mine, this.replaces);
    if (this.asking !== mine || this.slip.mode !== "cash") {
      if (answer.ok) this.server.release(answer.body.id);
      return;
    }
    if (answer.ok) {
      this.hold = answer.body;
      this.replaces = null;
      this.kept.keepSlip(this.slip.lines, answer.body.id);
      this.#early();
      return;
    }
    this.slip = { ...this.slip, mode: "slip", typed: "", taken: 0, asked: false, early: false };
    this.refusal = answer.status === 0
      ? "The till has no answer from its server. The slip is kept: press Enter to try again."
      : `${answer.body?.title ?? "That cannot be sold"}. ${answer.body?.detail ?? ""}`;
    draw(this);
  }

  /** An Enter that came before the hold's answer, or while a sale was saved, counts now. */
  #early() {
    if (this.slip.early && this.due() !== null) this.press("Enter");
    else draw(this);
  }

  #release() {
    this.asking = "";
    if (!this.hold) return;
    this.replaces = this.hold.id;
    this.server.release(this.hold.id);
    this.hold = null;
  }

  /** @param {number} tendered cents */
  #complete(tendered) {
    const hold = /** @type {{id: string, cash_total_cents: number}} */ (this.hold);
    const at = new Date().toLocaleTimeString("en-ZA", { hour: "2-digit", minute: "2-digit" });
    this.hold = null;
    this.replaces = null;
    this.last = null;
    this.sales.send({ id: hold.id, amount: hold.cash_total_cents, tendered, at });
  }
}

const root = document.getElementById("till");
if (root) {
  const till = new Till(root);
  till.start();
}
