/** Adds up what is counted while it is typed; the server counts again. */
for (const count of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-count]"))) {
  const sum = /** @type {HTMLOutputElement} */ (count.querySelector("[data-sum]"));
  const pieces = /** @type {NodeListOf<HTMLInputElement>} */ (count.querySelectorAll("[data-cents]"));
  const add = () => {
    let cents = 0;
    for (const one of pieces) cents += Number(one.dataset.cents) * (Number.parseInt(one.value, 10) || 0);
    const whole = String(Math.floor(cents / 100)).replace(/\B(?=(\d{3})+$)/g, "\u2009");
    sum.value = `${count.dataset.sign}${whole}.${String(cents % 100).padStart(2, "0")}`;
  };
  count.addEventListener("input", add);
  add();
}
