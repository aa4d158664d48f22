/** Whether this phone can be a gate: five tests, run one after another, each told as it is found. */

const PATIENCE = 5000; // milliseconds
const SLOW = 800; // milliseconds after which a phone judges by itself
const OFFLINE = 20000; // milliseconds for the page to be kept
const ENOUGH = 50 * 2 ** 20; // bytes
const { slug } = document.body.dataset;
const scope = `/${slug}/scan/`;

/** A test that failed; its message says what was found. */
class Wrong extends Error {}

function within(promise, milliseconds, words) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Wrong(words)), milliseconds));
  return Promise.race([promise, late]);
}

async function reachable() {
  const times = [];
  for (let times_left = 3; times_left; times_left -= 1) {
    const asked = performance.now();
    const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
    if (!answer?.ok) throw new Wrong("No answer from the server.");
    times.push(performance.now() - asked);
  }
  const best = Math.round(Math.min(...times));
  if (best > SLOW) throw new Wrong(`It answers only after ${best} ms.`);
  return `Answers in ${best} ms.`;
}

async function trusted() {
  if (!isSecureContext) throw new Wrong(`${location.origin} is not secure.`);
  return `${location.host} is trusted.`;
}

async function camera() {
  if (!navigator.mediaDevices) throw new Wrong("The browser gives no camera here.");
  const wanted = { video: { facingMode: "environment" } };
  const stream = await within(navigator.mediaDevices.getUserMedia(wanted), OFFLINE, "Nobody has answered the question.").catch((error) => {
    if (error instanceof Wrong) throw error;
    throw new Wrong(error.name === "NotAllowedError" ? "The camera is not allowed." : "There is no camera.");
  });
  const [track] = stream.getVideoTracks();
  const { width, height } = track.getSettings();
  track.stop();
  return `Sees ${width} × ${height}.`;
}

async function offline() {
  if (!("serviceWorker" in navigator)) throw new Wrong("This browser keeps no pages.");
  const found = await navigator.serviceWorker.register(`${scope}sw.js`, { scope }).catch(() => null);
  if (!found) throw new Wrong("The browser refused to keep it.");
  const kept = async () => {
    while (!found.active) await new Promise((resolve) => setTimeout(resolve, 100));
    return caches.match(scope);
  };
  if (!(await within(kept(), OFFLINE, "It was not kept in time."))) throw new Wrong("The page was not kept.");
  return "The scan page is kept here.";
}

function settled(asked) {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(new Wrong("The browser keeps nothing here."));
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
  if (read !== written) throw new Wrong("What was written is not there.");
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  if (quota && quota - usage < ENOUGH) throw new Wrong(`Only ${Math.floor((quota - usage) / 2 ** 20)} MB are left.`);
  const lasting = await navigator.storage?.persist?.();
  return lasting ? "It lasts." : "It lasts while there is room: the browser did not promise more.";
}

const tests = { reachable, trusted, camera, offline, storage };

function say(name, state, word, found) {
  const line = /** @type {HTMLElement} */ (document.getElementById(name));
  line.dataset.state = state;
  line.querySelector(".word").textContent = word;
  line.querySelector(".found").textContent = found;
}

async function check() {
  const button = /** @type {HTMLButtonElement} */ (document.getElementById("begin"));
  const sum = document.getElementById("verdict");
  button.disabled = true;
  sum.textContent = "";
  let wrong = 0;
  for (const [name, test] of Object.entries(tests)) {
    say(name, "runs", "looking", "");
    try {
      say(name, "right", "right", await test());
    } catch (error) {
      wrong += 1;
      say(name, "wrong", "not yet", error instanceof Wrong ? error.message : `It failed: ${error.message}`);
    }
  }
  sum.className = `sum ${wrong ? "stop" : "go"}`;
  sum.textContent = wrong ? `${wrong} of 5 to be mended before this phone is a gate.` : "This phone can be a gate.";
  button.disabled = false;
}

document.getElementById("begin").addEventListener("click", check);
