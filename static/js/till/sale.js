/**
 * A sale on its way: sent once, asked again by its key until it is known. The money is never asked for twice.
 *
 * @typedef {object} Sale
 * @property {string} id
 * @property {import("./tender.js").Payment[]} payments
 * @property {number} due  cents to be paid in all
 * @property {number} tendered  cents in cash
 * @property {number} change  cents that were to go back
 * @property {string} at  when, as the clerk reads it
 * @property {string} words  what was sold
 * @property {any} [told]  the answer, when it came late and a person has not yet seen it
 * @property {any} [waits]  what the server says while it waits for the payer, or for a person
 */

import { saysNo } from "./server.js";

const AGAIN = 1500;
const TURNS = 6;

/** Whether the payer or a person has to do something first: the till goes on meanwhile. @param {import("./server.js").Told} told */
const waitsForSomebody = ({ body }) => Boolean(body?.redirect_url || body?.needs_person);

export class Sales {
  /**
   * @param {import("./server.js").Server} server @param {import("./kept.js").Kept} kept
   * @param {{paid: (told: any) => void, changed: () => void}} tell
   */
  constructor(server, kept, tell) {
    this.server = server;
    this.kept = kept;
    this.tell = tell;
    /** @type {Sale | null} the sale whose answer is awaited */
    this.saving = null;
    /** @type {Map<string, Sale>} sales without an answer, refused ones, and those answered late, until they are seen */
    this.open = new Map();
  }

  /** Take up what an earlier page left. */
  resume() {
    for (const sale of this.kept.sales()) this.#leaveOpen(sale);
  }

  /** @param {Sale} sale */
  async send(sale) {
    this.kept.keepSale(sale);
    this.saving = sale;
    this.tell.changed();
    const told = await this.#ask(sale, TURNS);
    this.saving = null;
    if (told?.status === 200) {
      this.kept.forgetSale(sale.id);
      this.tell.paid(told.body);
    } else this.#leaveOpen({ ...sale, told: told?.body });
    this.tell.changed();
  }

  /** A person has read it. @param {string} id */
  seen(id) {
    this.open.delete(id);
    this.kept.forgetSale(id);
    this.tell.changed();
  }

  /** @param {Sale} sale */
  #leaveOpen(sale) {
    this.open.set(sale.id, sale);
    this.kept.keepSale(sale);
    if (!sale.told) setTimeout(() => this.#again(sale), AGAIN);
  }

  /** @param {Sale} sale */
  async #again(sale) {
    const told = await this.#ask(sale, 1);
    this.#leaveOpen({ ...sale, told: told?.body });
    this.tell.changed();
  }

  /** Ask until it is known, at most so often; null when it is not. @param {Sale} sale @param {number} turns */
  async #ask(sale, turns) {
    for (let turn = 1; turn <= turns; turn += 1) {
      const told = await this.server.complete(sale);
      if (told.status === 200 || saysNo(told)) return told;
      if (told.status === 202) sale.waits = told.body;
      if (told.status === 0 || waitsForSomebody(told)) return null;
      await new Promise((resolve) => setTimeout(resolve, 250 * turn));
    }
    return null;
  }
}
