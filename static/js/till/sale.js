/**
 * A sale on its way: sent once, asked again by its key until it is known. The money is never asked for twice.
 *
 * @typedef {{id: string, amount: number, tendered: number, at: string}} Sale
 */

import { unknown } from "./server.js";

const AGAIN = 1500;
const PATIENCE = 6;

export class Sales {
  /**
   * @param {import("./server.js").Server} server @param {import("./kept.js").Kept} kept
   * @param {{paid: (sale: Sale, told: any) => void, refused: (sale: Sale, told: any) => void, changed: () => void}} tell
   */
  constructor(server, kept, tell) {
    this.server = server;
    this.kept = kept;
    this.tell = tell;
    /** @type {Sale | null} the sale whose answer is awaited */
    this.saving = null;
    /** @type {Map<string, Sale>} sales without an answer */
    this.unconfirmed = new Map();
  }

  /** Take up what an earlier page left without an answer. */
  resume() {
    for (const sale of this.kept.sales()) this.#doubt(sale);
  }

  /** @param {Sale} sale */
  async send(sale) {
    this.kept.keepSale(sale);
    this.saving = sale;
    this.tell.changed();
    const settled = await this.#ask(sale, PATIENCE);
    if (this.saving?.id === sale.id) this.saving = null;
    if (!settled) this.#doubt(sale);
    this.tell.changed();
  }

  /** @param {Sale} sale */
  #doubt(sale) {
    this.unconfirmed.set(sale.id, sale);
    this.tell.changed();
    setTimeout(() => this.#again(sale), AGAIN);
  }

  /** @param {Sale} sale */
  async #again(sale) {
    if (await this.#ask(sale, 1)) this.unconfirmed.delete(sale.id);
    else setTimeout(() => this.#again(sale), AGAIN);
    this.tell.changed();
  }

  /** Ask until it is known, at most so often; says whether it is. @param {Sale} sale @param {number} times */
  async #ask(sale, times) {
    for (let turn = 0; turn < times; turn += 1) {
      const answer = await this.server.complete(sale);
      if (answer.status === 200) return this.#settle(sale, () => this.tell.paid(sale, answer.body));
      if (answer.status === 0) return false;
      const known = answer.status !== 202 && !unknown(answer);
      if (known && answer.status !== 401) return this.#settle(sale, () => this.tell.refused(sale, answer.body));
      await new Promise((resolve) => setTimeout(resolve, 250 * (turn + 1)));
    }
    return false;
  }

  /** @param {Sale} sale @param {() => void} tell */
  #settle(sale, tell) {
    this.kept.forgetSale(sale.id);
    tell();
    return true;
  }
}
