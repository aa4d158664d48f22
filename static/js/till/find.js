/** Find: tickets by serial, name or code, and types beyond the ninth key; over the till, so that the slip stays. */

import { money } from "./money.js";
import { make } from "./make.js";

const PAUSE = 200;

export class Finder {
  /** @param {import("./till.js").Till} till @param {string} url @param {string} holds what is kept under names */
  constructor(till, url, holds) {
    this.till = till;
    this.url = url;
    this.holds = holds;
    this.dialog = /** @type {HTMLDialogElement} */ (document.getElementById("find"));
    this.field = /** @type {HTMLInputElement} */ (this.dialog.querySelector("input"));
    this.results = /** @type {HTMLElement} */ (this.dialog.querySelector("[data-results]"));
    let waiting = 0;
    this.field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => this.#look(), PAUSE);
    });
    this.dialog.querySelector("form")?.addEventListener("submit", (event) => this.#enter(event));
    this.dialog.addEventListener("click", (event) => this.#chosen(/** @type {Element} */ (event.target)));
  }

  open() {
    this.field.value = "";
    this.results.replaceChildren();
    this.dialog.showModal();
    this.field.focus();
    this.#look();
  }

  /** Open the ticket of a code; says whether there is one. The code enters no address bar. @param {string} code */
  async byCode(code) {
    const answer = await this.#ask(code);
    if (answer?.redirected) location.assign(answer.url);
    return Boolean(answer?.redirected);
  }

  /** @param {string} q */
  #ask(q) {
    const asked = `${this.url}?${new URLSearchParams({ q })}`;
    return fetch(asked, { headers: { Accept: "text/html" } }).catch(() => null);
  }

  async #look() {
    const q = this.field.value.trim();
    const [answer, beside] = await Promise.all([q ? this.#ask(q) : null, this.#beside(q)]);
    if (q !== this.field.value.trim()) return null;
    const page = new DOMParser().parseFromString(answer?.ok ? await answer.text() : "", "text/html");
    const found = page.getElementById("found");
    const none = make("p", { class: "soft" }, q && !found ? "No answer from the server: try again." : "");
    this.results.replaceChildren(...this.#types(q), ...beside, found ?? none);
    return answer;
  }

  /** What is kept under a name, and customers: the holds at once, all that fits once something is typed. @param {string} q */
  async #beside(q) {
    const asked = `${this.holds}?${new URLSearchParams({ q, over: "till" })}`;
    const answer = q.startsWith("VG1.") ? null : await fetch(asked, { headers: { "HX-Request": "true" } }).catch(() => null);
    const page = new DOMParser().parseFromString(answer?.ok ? await answer.text() : "", "text/html");
    return [...page.querySelectorAll("body > *")];
  }

  /** @param {string} q */
  #types(q) {
    const named = [...this.till.types.values()].filter((type) => q && type.on_sale && type.name.toLowerCase().includes(q.toLowerCase()));
    return named.map((type) => make("button", { type: "button", "data-type": type.id, class: "found-type" },
      make("span", {}, `Add one ${type.name}`), make("span", { class: "num" }, money(type.price_cents, this.till.currency))));
  }

  /** Enter opens the only thing found. @param {Event} event */
  async #enter(event) {
    event.preventDefault();
    const answer = await this.#look();
    if (answer?.redirected) return location.assign(answer.url);
    const tickets = /** @type {NodeListOf<HTMLAnchorElement>} */ (this.results.querySelectorAll("a.row"));
    if (tickets.length === 1) tickets[0].click();
    else (tickets[0] ?? this.results.querySelector("button"))?.focus();
    return undefined;
  }

  /** @param {Element} target */
  #chosen(target) {
    const { dataset: said } = /** @type {HTMLElement} */ (target.closest("button") ?? document.createElement("i"));
    if (said.newCustomer) this.till.writeDown(said.newCustomer);
    else if (said.code) this.till.mean({ code: said.code });
    else if (said.customer) this.till.mean({ customer: { id: said.customer, name: said.name ?? "" } });
    if (target === this.dialog || target.closest("[data-close], [data-type], [data-code], [data-customer], [data-new-customer]")) this.dialog.close();
  }
}
