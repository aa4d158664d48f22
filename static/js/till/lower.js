/** The clerk's discount: asked for in a dialog, approved in another when it is more than the clerk may give. */

import { money } from "./money.js";
import { off } from "./price.js";

/** Refusals of a hold that somebody's PIN may change. */
const APPROVABLE = ["approval_needed", "wrong_pin", "above_limit", "pin_locked"];

export class Lower {
  /** @param {import("./till.js").Till} till */
  constructor(till) {
    this.till = till;
    this.dialog = /** @type {HTMLDialogElement} */ (document.getElementById("discount"));
    this.approving = /** @type {HTMLDialogElement} */ (document.getElementById("approval"));
    /** @type {{staff_number: string, pin: string} | null} said once, sent once, kept nowhere */
    this.approval = null;
    /** @type {"cash" | "card" | "other"} the tender that was refused */
    this.mode = "cash";
    this.#of(this.dialog).addEventListener("submit", (event) => this.#mean(event));
    this.#of(this.approving).addEventListener("submit", (event) => this.#approve(event));
    this.dialog.addEventListener("input", () => this.#show());
    for (const one of [this.dialog, this.approving]) one.addEventListener("click", (event) => this.#closed(one, event));
    this.approving.addEventListener("close", () => this.#of(this.approving).reset());
  }

  open() {
    const { slip, beside } = this.till;
    if (slip.mode !== "slip" || !slip.lines.length) return;
    const form = this.#of(this.dialog);
    form.reset();
    const said = beside.discount;
    if (said) {
      this.#field("much").value = said.percent ? String(said.percent) : ((said.amount_cents ?? 0) / 100).toFixed(2);
      this.#field("kind").value = said.percent ? "percent" : "amount";
      this.#field("reason").value = said.reason;
    }
    this.dialog.showModal();
    this.#field("much").select();
    this.#show();
  }

  /** Whoever may give that much says so, then the hold is asked for again. @param {any} problem @param {"cash" | "card" | "other"} mode */
  needed(problem, mode) {
    if (!this.till.beside.discount || !APPROVABLE.includes(problem?.type)) return;
    const { before_cents: before, off_cents: less } = problem;
    const words = before ? `${money(less, this.till.currency)} off ${money(before, this.till.currency)}. ` : "";
    this.mode = mode;
    this.#said(this.approving).textContent = `${words}${problem.detail ?? problem.title}`;
    if (!this.approving.open) this.approving.showModal();
  }

  /** What somebody approved, for one request. */
  take() {
    const said = this.approval;
    this.approval = null;
    return said ? { approval: said } : {};
  }

  /** @param {HTMLDialogElement} dialog */
  #of(dialog) {
    return /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  }

  /** @param {HTMLDialogElement} dialog */
  #said(dialog) {
    return /** @type {HTMLElement} */ (dialog.querySelector("[data-said]"));
  }

  /** @param {string} name */
  #field(name) {
    return /** @type {HTMLInputElement} */ (this.dialog.querySelector(`[name="${name}"]`));
  }

  /** What the dialog says, as the server takes it; null when it says nothing that could be. @returns {import("./price.js").Discount | null} */
  #asked() {
    const much = this.#field("much").value.trim().replace(",", ".");
    const reason = this.#field("reason").value.trim();
    if (this.#field("kind").value === "percent") {
      return /^(100|[1-9]\d?)$/.test(much) ? { percent: Number(much), reason } : null;
    }
    const cents = /^\d{1,7}(\.\d{1,2})?$/.test(much) ? Math.round(Number(much) * 100) : 0;
    return cents ? { amount_cents: cents, reason } : null;
  }

  #show() {
    const { currency } = this.till;
    const { before } = this.till.priced();
    const asked = this.#asked();
    const less = off(asked, before);
    const wrong = this.#field("much").value.trim() && !asked;
    this.#field("much").setCustomValidity(wrong ? "A whole number from 1 to 100, or an amount." : "");
    this.#said(this.dialog).textContent = less ? `${money(before, currency)} − ${money(less, currency)} = ${money(before - less, currency)}` : money(before, currency);
  }

  /** @param {Event} event */
  #mean(event) {
    event.preventDefault();
    const discount = this.#asked();
    if (!discount?.reason) return;
    this.dialog.close();
    this.till.mean({ discount });
  }

  /** @param {Event} event */
  #approve(event) {
    event.preventDefault();
    const said = new FormData(this.#of(this.approving));
    this.approval = { staff_number: String(said.get("staff_number")), pin: String(said.get("pin")) };
    this.approving.close();
    this.till.turn(this.mode);
  }

  /** @param {HTMLDialogElement} dialog @param {Event} event */
  #closed(dialog, event) {
    const target = /** @type {Element} */ (event.target);
    if (target === dialog || target.closest("[data-close]")) dialog.close();
  }
}
