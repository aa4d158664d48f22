/** What the till asks its server. Every answer is a value: {ok, status, body}; no answer is {ok: false, status: 0}. */

const proof = () => document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
const PATIENCE = 8000;

/**
 * @param {string} method @param {string} url @param {unknown} [body] @param {Record<string, string>} [more]
 * @returns {Promise<{ok: boolean, status: number, body: any}>}
 */
async function ask(method, url, body, more = {}) {
  const headers = { Accept: "application/json", "X-CSRF-Token": proof(), ...more };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    const answer = await fetch(url, {
      method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE),
    });
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
    return { ok: answer.ok && told !== null, status: answer.status, body: told };
  } catch {
    return { ok: false, status: 0, body: null };
  }
}

/** Whether an answer says nothing about what happened. @param {{status: number}} answer */
export const unknown = (answer) => answer.status === 0 || answer.status >= 500 || answer.status === 409;

export class Server {
  /** @param {string} slug @param {string} eventId */
  constructor(slug, eventId) {
    this.event = `/${slug}/events/${eventId}`;
    this.checkouts = `/${slug}/checkouts`;
  }

  /** @param {{ticket_type_id: string, quantity: number}[]} lines @param {string} key @param {string | null} replaces */
  hold(lines, key, replaces) {
    return ask("POST", `${this.event}/checkouts`, { lines, key, replaces });
  }

  /** @param {string} id */
  release(id) {
    return ask("DELETE", `${this.checkouts}/${id}`);
  }

  /** @param {{id: string, amount: number, tendered: number}} sale */
  complete(sale) {
    const payments = sale.amount ? [{ gateway: "cash", amount_cents: sale.amount, tendered_cents: sale.tendered }] : [];
    return ask("POST", `${this.checkouts}/${sale.id}/complete`, { payments }, { "Idempotency-Key": `complete-${sale.id}` });
  }

  /** @param {string} id */
  state(id) {
    return ask("GET", `${this.checkouts}/${id}`);
  }
}
