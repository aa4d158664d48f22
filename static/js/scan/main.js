/** The scan page: pairing, then the camera, with everything else a thumb away. */

import * as api from "./api.js";
import { Camera } from "./camera.js";
import * as pairing from "./pairing.js";
import * as sound from "./sound.js";
import { Steward } from "./steward.js";
import { Storage } from "./storage.js";
import { Verdict } from "./verdict.js";
import * as wake from "./wake.js";
import * as wedge from "./wedge.js";

const HEARTBEAT = 20000; // milliseconds
const { slug, zxing, wasm } = document.body.dataset;
const element = (id) => document.getElementById(id);
const screens = ["pairing", "ready", "elsewhere", "camera"];

function show(name) {
  for (const one of screens) element(one).hidden = one !== name;
}

/** One tab owns the sequence; another one says so. */
function alone() {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks.request(`scan:${slug}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise(() => {}) : null; // held until the tab closes
    });
  });
}

async function begin() {
  if (!(await alone())) return show("elsewhere");
  const storage = await Storage.open(slug);
  const phone = await pairing.phone(storage, slug, () => show("pairing"));
  element("ready-event").textContent = phone.event.name;
  element("ready-gate").textContent = `${phone.device.name} · ${phone.gate.name}`;
  show("ready");
  element("start").focus();
  element("start").addEventListener("click", () => work(storage, phone), { once: true });
}

function work(storage, phone) {
  sound.allow();
  wake.keep();
  const steward = new Steward({ storage, phone, verdict: new Verdict(), told: (state, error) => told(storage, state, error) });
  show("camera");
  told(storage, navigator.onLine ? "online" : "away");
  draw(steward);
  wire(steward, storage);
  const camera = new Camera(element("video"), (code) => steward.fromCamera(code));
  camera.start(zxing, wasm).then(
    () => torch(camera),
    () => say("No camera. Type the serial, or use a hand scanner."),
  );
  wedge.listen((code) => {
    steward.verdict.leave();
    steward.ask({ code });
  });
  beat(steward, storage);
}

function draw(steward) {
  element("where").textContent = steward.where;
  element("direction-words").textContent = steward.direction === "in" ? "To out" : "To in";
  element("camera").classList.toggle("out", steward.direction === "out");
}

function wire(steward, storage) {
  element("direction").addEventListener("click", () => {
    steward.turn();
    draw(steward);
  });
  element("type").addEventListener("click", () => {
    element("serial").value = "";
    element("typing").showModal();
  });
  element("typing").addEventListener("close", () => {
    const typed = element("serial").value.trim().toUpperCase();
    if (element("typing").returnValue === "scan" && typed) steward.ask(typed.startsWith("VG1.") ? { code: typed } : { serial: typed });
  });
  element("last").addEventListener("click", () => listLast(storage));
  element("call").addEventListener("click", () => {
    const words = ["verdict-words", "verdict-detail", "verdict-more"].map((id) => element(id).textContent);
    element("supervisor-words").textContent = [steward.where, ...words].filter(Boolean).join(" · ");
    element("supervisor").showModal();
  });
  addEventListener("offline", () => told(storage, "away"));
  addEventListener("online", () => beat(steward, storage, true));
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

async function listLast(storage) {
  const last = (await storage.read("last")) ?? [];
  element("history-list").replaceChildren(...last.map(entry), ...(last.length ? [] : ["Nothing was scanned yet."]));
  element("history").showModal();
}

function entry(one) {
  const line = document.createElement("li");
  const time = Object.assign(document.createElement("time"), { textContent: clock.format(new Date(one.at)) });
  const words = Object.assign(document.createElement("b"), { textContent: one.message });
  const ticket = one.ticket ? `${one.ticket.type} · ${one.ticket.serial}` : "no ticket of ours";
  line.append(time, words, Object.assign(document.createElement("small"), { textContent: ticket }));
  return line;
}

function torch(camera) {
  say("Hold the code in the frame");
  const button = element("torch");
  button.hidden = !camera.hasTorch;
  button.addEventListener("click", async () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    await camera.torch(on);
    button.setAttribute("aria-pressed", String(on));
  });
}

let ground = "";

function say(words) {
  ground = words;
  if (!element("camera").classList.contains("away")) element("say").textContent = words;
}

/** What is known of the network: nothing is judged without it. */
async function told(storage, state, error) {
  const away = state === "away";
  element("camera").classList.toggle("away", away);
  element("network").textContent = away ? "no network" : "online";
  element("say").textContent = away ? "No network: nothing is judged" : ground;
  if (state !== "refused") return;
  if (error.status === 401 || error.type === "sequence_conflict") {
    await storage.wipe();
    location.reload();
  } else {
    element("say").textContent = error.message;
  }
}

async function beat(steward, storage, once = false) {
  const battery = await navigator.getBattery?.().catch(() => null);
  const state = { clock: new Date().toISOString(), battery: battery ? Math.round(battery.level * 100) : null };
  try {
    const said = await api.heartbeat(steward.phone.token, state);
    steward.phone.gate = said.gate;
    draw(steward);
    told(storage, "online");
  } catch (error) {
    told(storage, error instanceof api.Refused ? "refused" : "away", error);
  }
  if (!once) setTimeout(() => beat(steward, storage), HEARTBEAT);
}

begin();
