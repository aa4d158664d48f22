/** Whether this phone can be a gate: five tests, run one after another, each told as it is found. */

import { _, N_, onSpoken } from "./scan/words.js";

const PATIENCE = 5000; // milliseconds
const SLOW = 800; // milliseconds after which a phone judges by itself
const ANSWERED = 20000; // milliseconds for a person to answer, or for the page to be kept
const MEGABYTE = 2 ** 20;
const ENOUGH = 50 * MEGABYTE;
const { slug } = document.body.dataset;
const scope = `/${slug}/scan/`;

/** What was found, in words with their values: a right answer is returned, a wrong one thrown. */
class Found extends Error {
  constructor(words, values = {}) {
    super(words);
    this.values = values;
  }

  get said() {
    return _(this.message, this.values);
  }
}

const found = (words, values) => new Found(words, values);

function within(promise, milliseconds, words) {
  const late = new Promise((_resolve, reject) => setTimeout(() => reject(found(words)), milliseconds));
  return Promise.race([promise, late]);
}

async function reachable() {
  const times = [];
  for (let left = 3; left; left -= 1) {
    const asked = performance.now();
    const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
    if (!answer?.ok) throw found(N_("No answer from the server."));
    times.push(performance.now() - asked);
  }
  const ms = Math.round(Math.min(...times));
  if (ms > SLOW) throw found(N_("It answers only after {ms} ms."), { ms });
  return found(N_("Answers in {ms} ms."), { ms });
}

async function trusted() {
  if (!isSecureContext) throw found(N_("{place} is not secure."), { place: location.origin });
  return found(N_("{place} is trusted."), { place: location.host });
}

function withoutCamera(error) {
  if (error instanceof Found) throw error;
  throw found(error.name === "NotAllowedError" ? N_("The camera is not allowed.") : N_("There is no camera."));
}

async function camera() {
  if (!navigator.mediaDevices) throw found(N_("The browser gives no camera here."));
  const asked = navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const stream = await within(asked, ANSWERED, N_("Nobody has answered the question.")).catch(withoutCamera);
  const [track] = stream.getVideoTracks();
  const { width, height } = track.getSettings();
  track.stop();
  return found(N_("Sees {width} × {height}."), { width, height });
}

async function offline() {
  if (!("serviceWorker" in navigator)) throw found(N_("This browser keeps no pages."));
  const worker = await navigator.serviceWorker.register(`${scope}sw.js`, { scope }).catch(() => null);
  if (!worker) throw found(N_("The browser refused to keep it."));
  const kept = async () => {
    while (!worker.active) await new Promise((resolve) => setTimeout(resolve, 100));
    return caches.match(scope);
  };
  if (!(await within(kept(), ANSWERED, N_("It was not kept in time.")))) throw found(N_("The page was not kept."));
  return found(N_("The scan page is kept here."));
}

function settled(asked) {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(found(N_("The browser keeps nothing here.")));
  });
}

async function storage() {
  const asked = indexedDB.open("check", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("check");
  const base = await settled(asked);
  const written = String(Date.now());
  await settled(base.transaction("check", "readwrite").objectStore("check").put(written, "written"));
  const read = await settled(base.transaction("check").objectStore("check").get("written"));
  base.close();
  indexedDB.deleteDatabase("check");
  if (read !== written) throw found(N_("What was written is not there."));
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  const size = Math.floor((quota - usage) / MEGABYTE);
  if (quota && quota - usage < ENOUGH) throw found(N_("Only {size} MB are left."), { size });
  if (await navigator.storage?.persist?.()) return found(N_("It lasts."));
  return found(N_("It lasts while there is room: the browser did not promise more."));
}

const tests = { reachable, trusted, camera, offline, storage };
const STATES = { runs: N_("looking"), right: N_("right"), wrong: N_("not yet") };
const shown = new Map(); // test → its state and what was found
let sum = null;

function say(name, state, what = null) {
  shown.set(name, { state, what });
  draw();
}

function draw() {
  for (const [name, { state, what }] of shown) {
    const line = /** @type {HTMLElement} */ (document.getElementById(name));
    line.dataset.state = state;
    line.querySelector(".word").textContent = _(STATES[state]);
    line.querySelector(".found").textContent = what?.said ?? "";
  }
  document.getElementById("verdict").textContent = sum?.said ?? "";
}

async function run(name) {
  say(name, "runs");
  try {
    say(name, "right", await tests[name]());
  } catch (error) {
    say(name, "wrong", error instanceof Found ? error : found(N_("It failed: {why}"), { why: error.message }));
  }
}

async function check() {
  const button = /** @type {HTMLButtonElement} */ (document.getElementById("begin"));
  button.disabled = true;
  sum = null;
  for (const name of Object.keys(tests)) await run(name);
  const wrong = [...shown.values()].filter(({ state }) => state === "wrong").length;
  document.getElementById("verdict").className = `sum ${wrong ? "stop" : "go"}`;
  sum = wrong
    ? found(N_("{wrong} of 5 to be mended before this phone is a gate."), { wrong })
    : found(N_("This phone can be a gate."));
  draw();
  button.disabled = false;
}

onSpoken(draw);
document.getElementById("begin").addEventListener("click", check);
