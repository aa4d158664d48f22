/**
 * Live figures: rooms are joined, newer partials swapped in, everything fetched again after each reconnect, and polled
 * while push is away. An element says `data-room`, `data-version`, `data-refetch`; its id is the partial's name.
 */

const POLL = 3000;
const slug = location.pathname.split("/")[1];

const watched = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-room]")]);
let heard = Date.now();
let pushed = false;

/** Swap an element if what came is newer. @param {string} id @param {number} version @param {string} html */
function swap(id, version, html) {
  const old = document.getElementById(id);
  if (!old || Number(old.dataset.version) >= version) return;
  // What a person is typing in is not taken from under the hands; the next change brings it.
  if (old.contains(document.activeElement) && document.activeElement?.matches("input, textarea, select")) return;
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const fresh = holder.content.firstElementChild;
  if (!fresh) return;
  const focused = old.contains(document.activeElement) ? document.activeElement?.id : "";
  old.replaceWith(fresh);
  if (focused) document.getElementById(focused)?.focus();
  document.dispatchEvent(new CustomEvent("live:swapped", { detail: { id } }));
}

async function refetch() {
  const asked = new Map(watched().map((one) => [one.dataset.refetch ?? "", one.id]));
  await Promise.all([...asked].map(async ([url, id]) => {
    if (!url) return;
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, redirect: "error" }).catch(() => null);
    if (!answer?.ok) return;
    const html = await answer.text();
    const holder = document.createElement("template");
    holder.innerHTML = html.trim();
    const fresh = /** @type {HTMLElement | null} */ (holder.content.querySelector(`#${CSS.escape(id)}`));
    if (fresh) swap(id, Number(fresh.dataset.version), html);
    heard = Date.now();
  }));
}

/** Say how fresh the figures are, wherever the page wants to know. */
function state() {
  const seconds = Math.round((Date.now() - heard) / 1000);
  for (const one of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-live-state]"))) {
    const stale = !pushed && seconds > 10;
    one.dataset.liveState = pushed ? "pushed" : stale ? "away" : "polled";
    one.className = `num ${pushed ? "go" : stale ? "stop" : "wait"}`;
    one.textContent = pushed ? "● live" : stale ? `▲ no answer for ${seconds} s` : "○ asking every 3 s";
  }
}

function connect() {
  const io = /** @type {any} */ (globalThis).io;
  if (!io) return;
  const socket = io({ transports: ["websocket"] });
  socket.on("connect", async () => {
    const rooms = [...new Set(watched().map((one) => one.dataset.room))];
    const answers = await Promise.all(rooms.map((room) => socket.timeout(5000).emitWithAck("join", { room, slug }).catch(() => null)));
    pushed = answers.length > 0 && answers.every((one) => one?.joined);
    await refetch();
    state();
  });
  socket.on("disconnect", () => { pushed = false; state(); });
  socket.on("push", (/** @type {{id: string, version: number, html: string}} */ said) => {
    heard = Date.now();
    swap(said.id, said.version, said.html);
    state();
  });
}

addEventListener("load", connect);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refetch(); });
setInterval(() => { if (!pushed && !document.hidden) refetch(); }, POLL);
setInterval(state, 1000);
