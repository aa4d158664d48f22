/** The scan page: pairing, then the camera, with everything else a thumb away. */

import * as api from "./api.js";
import { Camera } from "./camera.js";
import { Clock } from "./clock.js";
import { Network } from "./network.js";
import * as pairing from "./pairing.js";
import * as sound from "./sound.js";
import { Steward } from "./steward.js";
import { Storage } from "./storage.js";
import { Sync } from "./sync.js";
import { alone } from "./tab.js";
import { Verdict } from "./verdict.js";
import * as wake from "./wake.js";
import * as wedge from "./wedge.js";
import * as worker from "./worker.js";

const HEARTBEAT = 5000; // milliseconds: within them a phone follows where it was moved, and hears that entry is stopped
const HANDED_IN = 1000; // milliseconds after which a phone that was asked to go says that it has nothing left
const QUIET = 120000; // milliseconds without a scan after which a new version may take over by itself
const { slug, zxing, wasm, version } = document.body.dataset;
const element = (id) => document.getElementById(id);
const screens = ["pairing", "ready", "elsewhere", "camera"];

function show(name) {
  for (const one of screens) element(one).hidden = one !== name;
}

async function begin() {
  await alone(slug, () => show("elsewhere"));
  worker.register(slug, () => between(), () => {});
  const storage = await Storage.open(slug);
  const lasting = navigator.storage?.persist?.(); // some browsers ask a person, who may be busy: it is not waited for
  const phone = await pairing.phone(storage, slug, () => show("pairing"));
  element("ready-event").textContent = phone.event.name;
  element("ready-gate").textContent = `${phone.device.name} · ${phone.gate.name}`;
  show("ready");
  element("start").focus();
  lasting?.then((granted) => (element("lasting").hidden = granted)).catch(() => {});
  const offset = (await storage.read("clock")) ?? 0;
  const clock = new Clock(offset, (measured) => storage.write("clock", measured).catch(() => {}));
  element("start").addEventListener("click", () => work(storage, phone, clock), { once: true });
  if (worker.resumed()) element("start").click();
}

function work(storage, phone, time) {
  sound.allow();
  wake.keep();
  const network = new Network();
  const tells = (state, error) => told(steward, state, error);
  const sync = new Sync({ storage, phone, network, told: tells });
  const steward = new Steward({ storage, phone, verdict: new Verdict(time), network, sync, clock: time, told: tells });
  steward.moved = () => beat(steward, true);
  steward.confirm = () => beat(steward, true);
  between = () => !document.querySelector("dialog[open]") && steward.idle(document.hidden ? 0 : QUIET);
  show("camera");
  draw(steward);
  wire(steward, storage);
  sync.begin().then(() => beat(steward));
  tells(navigator.onLine ? "online" : "away");
  const camera = new Camera(element("video"), (code) => steward.fromCamera(code));
  camera.start(zxing, wasm).then(
    () => torch(camera),
    () => say("No camera. Type the serial, or use a hand scanner."),
  );
  wedge.listen((code) => {
    steward.verdict.leave();
    steward.ask({ code });
  });
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
  addEventListener("offline", () => told(steward, "away"));
  addEventListener("online", () => {
    steward.network.answered();
    steward.sync.now();
    beat(steward, true);
  });
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
  const words = Object.assign(document.createElement("b"), { textContent: one.message ?? one.verdict.replaceAll("_", " ") });
  const ticket = one.ticket ? [one.ticket.type, one.ticket.serial].filter(Boolean).join(" · ") : "no ticket of ours";
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

/** Whether a new version of the page may take over now. */
let between = () => !element("pairing-code").value && !element("camera").checkVisibility();

let ground = "";

function say(words) {
  ground = words;
  if (!element("camera").classList.contains("away")) element("say").textContent = words;
}

/** What is known of the network, who judges, and what the server does not have yet. */
async function told(steward, state, error) {
  if (state === "refused") return refused(steward, error);
  const unsent = await steward.sync.unsent();
  const alone = state !== "online";
  const away = alone && !steward.sync.bundle;
  element("camera").dataset.tickets = steward.sync.bundle?.count ?? "";
  element("camera").classList.toggle("away", away);
  element("camera").classList.toggle("here", alone && !away);
  const judges = alone ? (away ? "no network" : "this phone judges") : "online";
  element("network").textContent = unsent ? `${judges} · ${unsent} unsent` : judges;
  if (state === "full") element("say").textContent = `Storage is full: nobody can be let in here. Find network, keep this page open: ${unsent} unsent.`;
  else if (away) element("say").textContent = "No network: nothing is judged";
  else if (steward.stopped) element("say").textContent = "Entry is stopped: let nobody in";
  else element("say").textContent = alone ? `No network: judged here, by what was known at ${known(steward)}` : ground;
}

const known = (steward) => clock.format(new Date(steward.sync.bundle.madeAt * 1000));

async function refused(steward, error) {
  if (error.status !== 401 && error.type !== "sequence_conflict") {
    element("say").textContent = error.message;
  } else if (await steward.sync.leave()) {
    location.reload();
  } else {
    element("say").textContent = "Out of service. Keep this page open until it has network: its scans are not sent yet.";
    setTimeout(() => refused(steward, error), HEARTBEAT);
  }
}

async function beat(steward, once = false) {
  const battery = await navigator.getBattery?.().catch(() => null);
  const [asked, begun] = [Date.now(), performance.now()];
  const state = {
    clock: new Date(asked).toISOString(),
    battery: battery ? Math.round(battery.level * 100) : null,
    unsent: await steward.sync.unsent(),
    bundle_version: steward.sync.bundle?.version ?? null,
    bundle_made_at: steward.sync.bundle?.head.made_at ?? null,
    app_version: version,
    stops_version: steward.sync.stops?.version ?? null,
  };
  try {
    const said = await api.heartbeat(steward.phone.token, state);
    steward.clock.measured(asked + (performance.now() - begun) / 2 - Date.parse(said.server_time));
    await follow(steward, said);
    steward.network.answered();
    if (await steward.sync.hear(said.stops)) beat(steward, true); // confirm it at once
    draw(steward);
    told(steward, "online");
  } catch (error) {
    told(steward, error instanceof api.Refused ? "refused" : "away", error);
  }
  if (!once) setTimeout(() => beat(steward), HEARTBEAT);
}

/** Be what the server says: at another gate or event, by another name, or on the way out of service. */
async function follow(steward, said) {
  const { phone, sync, storage } = steward;
  const elsewhere = said.event.id !== phone.event.id;
  const changed = elsewhere || said.gate.id !== phone.gate.id || said.device.name !== phone.device.name || said.device.role !== phone.device.role;
  Object.assign(phone, { device: said.device, event: said.event, gate: said.gate });
  if (changed) await storage.write("phone", phone); // where it stands survives a start without network
  if (elsewhere) await sync.elsewhere();
  if (said.state === "retiring") {
    await sync.send().catch(() => {});
    setTimeout(() => beat(steward, true), HANDED_IN);
  }
}

begin();
