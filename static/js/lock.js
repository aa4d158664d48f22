/**
 * Locks an idle till: the page beneath stays as it is, and goes on after the PIN of the same person.
 *
 * The server locks by its own clock, from the last sign of life; so the pages tell it of their keys and touches, and
 * this one counts from what it told. Pages of one browser share both, or the idle one would lock the busy one.
 */
const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("till-lock"));
const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
const said = /** @type {HTMLElement} */ (dialog.querySelector("[data-said]"));
const pin = /** @type {HTMLInputElement} */ (form.elements.namedItem("pin"));
const proof = document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
const others = new BroadcastChannel("till-lock");
const idle = Number(dialog.dataset.idle) * 1000;
const TELL_EVERY = 30_000;

const plainly = window.fetch.bind(window);
window.fetch = async (...asked) => {
  const answer = await plainly(...asked);
  if (answer.status === 401) {
    const problem = await answer.clone().json().catch(() => null);
    if (problem?.type === "till_locked") show(); // the server locked first: whatever the page asked, it asks again
  }
  return answer;
};

let told = Date.now();
let active = 0;

/** @param {string} url @param {Record<string, string>} fields */
const send = (url, fields = {}) =>
  fetch(url, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { "X-CSRF-Token": proof, Accept: "application/json" },
    redirect: "manual",
  });

function show() {
  if (dialog.open) return;
  said.textContent = "";
  form.reset();
  dialog.showModal();
  pin.focus();
}

function open() {
  told = Date.now();
  if (dialog.open) dialog.close();
}

async function tell() {
  told = Date.now();
  others.postMessage("seen");
  const answer = await send(dialog.dataset.seen ?? "").catch(() => null);
  if (answer?.status === 401) show();
}

function look() {
  if (dialog.open) return;
  if (Date.now() - Math.max(active, told) >= idle) { // a machine that slept locks before it tells of old keys
    show();
    void send(dialog.dataset.lock ?? "").catch(() => null);
    others.postMessage("locked");
  } else if (active > told && Date.now() - told >= TELL_EVERY) void tell();
}

async function unlock() {
  const answer = await send(dialog.dataset.unlock ?? "", { pin: pin.value }).catch(() => null);
  if (answer?.ok) {
    others.postMessage("open");
    open();
    return;
  }
  if (answer?.status === 401) location.assign(dialog.dataset.signIn ?? "/");
  const problem = await answer?.json().catch(() => null);
  said.textContent = problem?.detail ?? "No answer: the network is away. Try again.";
  form.reset();
  pin.focus();
}

for (const kind of ["keydown", "pointerdown"]) {
  addEventListener(kind, (event) => {
    active = Date.now();
    if (dialog.open && !dialog.contains(/** @type {Node} */ (event.target))) event.preventDefault();
    if (dialog.open && kind === "keydown") event.stopImmediatePropagation(); // the till's keys sleep beneath
  }, { capture: true });
}
dialog.addEventListener("cancel", (event) => event.preventDefault());
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void unlock();
});
others.addEventListener("message", ({ data }) => {
  if (data === "seen") told = Date.now();
  else if (data === "open") open();
  else show();
});
setInterval(look, 1000);
