/** What survives a reload: the slip that is being written, and sales whose answer never came. */

export class Kept {
  /** @param {string} eventId */
  constructor(eventId) {
    this.slipKey = `till:${eventId}:slip`;
    this.salesKey = `till:${eventId}:sales`;
  }

  /** @param {string} key @param {any} otherwise */
  #read(key, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "null") ?? otherwise;
    } catch {
      return otherwise;
    }
  }

  /** @param {string} key @param {unknown} value */
  #write(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // A full or forbidden storage loses only the comfort of a reload.
    }
  }

  /** @returns {{lines: {id: string, quantity: number}[], holdId: string | null}} */
  slip() {
    return this.#read(this.slipKey, { lines: [], holdId: null });
  }

  /** @param {{id: string, quantity: number}[]} lines @param {string | null} holdId */
  keepSlip(lines, holdId) {
    this.#write(this.slipKey, { lines, holdId });
  }

  /** @returns {import("./sale.js").Sale[]} */
  sales() {
    return this.#read(this.salesKey, []);
  }

  /** @param {import("./sale.js").Sale} sale */
  keepSale(sale) {
    this.#write(this.salesKey, [...this.sales().filter((one) => one.id !== sale.id), sale]);
  }

  /** @param {string} id */
  forgetSale(id) {
    this.#write(this.salesKey, this.sales().filter((one) => one.id !== id));
  }
}
