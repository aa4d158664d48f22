/** The hold of the slip: asked for when tender opens, given up with Esc; one with a name stays kept. */

import { asked } from "./beside.js";
import { close } from "./tender.js";

/** @typedef {{id: string, total_cents: number, cash_total_cents: number, hold_expires_at: string, kept_for?: string, discount_cents: number, clerk_discount_cents?: number, lines: {vat_cents: number}[], fees: {name: string, total_cents: number, vat_cents: number}[]}} Hold */

const NO_ANSWER = "No answer from the server. Nothing was sold and the slip is kept: Enter tries again.";

export class Holding {
  /** @param {import("./till.js").Till} till */
  constructor(till) {
    this.till = till;
    /** @type {Hold | null} */
    this.now = null;
    /** @type {string | null} a hold that the next one replaces */
    this.replaces = null;
    /** @type {{key: string, lines: string} | null} the tender that is being asked for, or whose answer never came */
    this.asking = null;
  }

  /** What a reload must know of. */
  get id() {
    return this.now?.id ?? this.replaces;
  }

  /** Ask for the places of the slip; an answer that came too late gives them up again. */
  async ask() {
    const { till } = this;
    const { mode } = till.slip;
    const wantedLines = till.slip.lines.map((line) => ({ ticket_type_id: line.id, quantity: line.quantity }));
    const more = asked(till.beside);
    const lines = JSON.stringify([wantedLines, more]);
    // A tender whose answer never came may hold its places: the same slip asks for it by the same key.
    const mine = this.asking?.lines === lines ? this.asking : { key: crypto.randomUUID(), lines };
    this.asking = mine;
    const told = await till.server.hold(wantedLines, mine.key, this.replaces, { ...more, ...till.lower.take() });
    const wanted = this.asking === mine && till.slip.mode !== "slip";
    if (told.status !== 0 && this.asking === mine) this.asking = null;
    if (told.status === 201 && wanted) this.now = told.body;
    else if (told.status === 201) this.#letGo(told.body);
    else if (wanted) till.slip = close(till.slip);
    // A hold with a name may have become another while Esc was pressed: a reload must know of it.
    if (!wanted) return till.keep();
    if (told.status === 201) this.replaces = null;
    else till.refusal = told.status ? this.#refused(told.body) : NO_ANSWER;
    till.keep();
    till.answered();
    if (told.status !== 201 && mode !== "slip") till.lower.needed(told.body, mode);
  }

  /** Give it up: the next one replaces it. */
  release() {
    this.asking = null;
    if (!this.now) return;
    this.replaces = this.now.id;
    this.#letGo(this.now);
    this.now = null;
  }

  /** Hand it over to be paid. */
  take() {
    const taken = /** @type {Hold} */ (this.now);
    this.now = null;
    return taken;
  }

  /** Give a hold up; one with a name stays kept, now as this slip is. @param {Hold} hold */
  #letGo({ id, kept_for: name }) {
    if (!name) this.till.server.release(id);
    else if (this.till.beside.kept) {
      this.till.beside = { ...this.till.beside, kept: { id, name } };
      this.replaces = id;
    }
  }

  /** @param {any} problem */
  #refused(problem) {
    const { types, slip } = this.till;
    const left = slip.lines
      .filter((line) => (problem.left?.[line.id] ?? line.quantity) < line.quantity)
      .map((line) => `${problem.left[line.id] || "none"} of ${types.get(line.id)?.name} left`);
    return [problem.title ?? "That cannot be sold", ...left, problem.detail].filter(Boolean).join(". ").replaceAll("..", ".");
  }
}
