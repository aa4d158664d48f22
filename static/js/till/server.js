/** What the till asks its server. Every answer is a value: {status, body}; no answer has status 0. */

export const proof = () => document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
const PATIENCE = 8000;
const STILL_AT_IT = ["in_progress", "paying"];
const SAYS_NO = [404, 409, 422];

/** @typedef {{status: number, body: any}} Told */

/**
 * @param {string} method @param {string} url @param {unknown} [body] @param {Record<string, string>} [more]
 * @returns {Promise<Told>}
 */
async function ask(method, url, body, more = {}) {
  const headers = { Accept: "application/json", "X-CSRF-Token": proof(), ...more };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    const answer = await fetch(url, {
      method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE),
    });
    return { status: answer.status, body: await answer.json() };
  } catch {
    return { status: 0, body: null };
  }
}

/** Whether an answer says that the sale is not to be; all else but 200 leaves open what happened. @param {Told} told */
export const saysNo = (told) => SAYS_NO.includes(told.status) && !STILL_AT_IT.includes(told.body?.type);

export class Server {
  /** @param {string} slug @param {string} eventId */
  constructor(slug, eventId) {
    this.event = `/${slug}/events/${eventId}`;
    this.checkouts = `/${slug}/checkouts`;
    this.customers = `/${slug}/customers`;
  }

  /** Write a customer down: a name, a phone number or an address. @param {string} typed */
  writeDown(typed) {
    return ask("POST", this.customers, { typed });
  }

  /** @param {{ticket_type_id: string, quantity: number}[]} lines @param {string} key @param {string | null} replaces @param {object} more */
  hold(lines, key, replaces, more) {
    return ask("POST", `${this.event}/checkouts`, { lines, key, replaces, ...more });
  }

  /** @param {string} id */
  release(id) {
    return ask("DELETE", `${this.checkouts}/${id}`);
  }

  /** The key is made of the sale's own id: asked again, even after a reload, it is the same sale. @param {import("./sale.js").Sale} sale */
  complete(sale) {
    return ask("POST", `${this.checkouts}/${sale.id}/complete`, { payments: sale.payments }, { "Idempotency-Key": `complete-${sale.id}` });
  }
}
