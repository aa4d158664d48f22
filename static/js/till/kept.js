/** What survives a reload: the slip that is being written (in this tab), slips put aside, and sales whose answer never came (on this till). */

const MOST_ASIDE = 9;

export class Kept {
  /** @param {string} eventId */
  constructor(eventId) {
    this.slipKey = `till:${eventId}:slip`;
    this.salesKey = `till:${eventId}:sales`;
    this.asideKey = `till:${eventId}:aside`;
  }

  /** @returns {{lines: {id: string, quantity: number}[], holdId: string | null, paid: any, beside: Partial<import("./beside.js").Beside>}} */
  slip() {
    return { beside: {}, ...read(sessionStorage, this.slipKey, { lines: [], holdId: null, paid: null }) };
  }

  /** @param {{id: string, quantity: number}[]} lines @param {string | null} holdId @param {any} paid @param {import("./beside.js").Beside} beside */
  keepSlip(lines, holdId, paid, beside) {
    write(sessionStorage, this.slipKey, { lines, holdId, paid, beside });
  }

  /** @returns {import("./sale.js").Sale[]} */
  sales() {
    return read(localStorage, this.salesKey, []);
  }

  /** @param {import("./sale.js").Sale} sale */
  keepSale(sale) {
    write(localStorage, this.salesKey, [...this.sales().filter((one) => one.id !== sale.id), sale]);
  }

  /** @param {string} id */
  forgetSale(id) {
    write(localStorage, this.salesKey, this.sales().filter((one) => one.id !== id));
  }

  /** Slips that were put aside, the newest first. @returns {{id: string, at: string, words: string, lines: {id: string, quantity: number}[]}[]} */
  aside() {
    return read(localStorage, this.asideKey, []);
  }

  /** @param {{id: string, at: string, words: string, lines: {id: string, quantity: number}[]}} slip */
  putAside(slip) {
    write(localStorage, this.asideKey, [slip, ...this.aside()].slice(0, MOST_ASIDE));
  }

  /** @param {string} id */
  takeUp(id) {
    write(localStorage, this.asideKey, this.aside().filter((one) => one.id !== id));
  }

  get printsEach() {
    return read(localStorage, "till:prints-each", false);
  }

  set printsEach(wanted) {
    write(localStorage, "till:prints-each", wanted);
  }
}

/** @param {Storage} storage @param {string} key @param {any} otherwise */
function read(storage, key, otherwise) {
  try {
    return JSON.parse(storage.getItem(key) ?? "null") ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** @param {Storage} storage @param {string} key @param {unknown} value */
function write(storage, key, value) {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden storage loses only the comfort of a reload.
  }
}
