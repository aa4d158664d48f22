/** The scan page: pairing, then the camera, with everything else a thumb away. */

import { About, hold } from "./about.js";
import { Camera } from "./camera.js";
import { Clock } from "./clock.js";
import { Deeds } from "./deeds.js";
import { Finding } from "./finding.js";
import { Heartbeat } from "./heartbeat.js";
import { listLast } from "./history.js";
import * as lens from "./lens.js";
import { Looking } from "./looking.js";
import { Network } from "./network.js";
import * as pairing from "./pairing.js";
import { fits } from "./serial.js";
import * as sound from "./sound.js";
import { Status } from "./status.js";
import { Steward } from "./steward.js";
import { Storage } from "./storage.js";
import { Sync } from "./sync.js";
import { alone } from "./tab.js";
import { Verdict } from "./verdict.js";
import * as wake from "./wake.js";
import * as wedge from "./wedge.js";
import { _, N_ } from "./words.js";
import * as worker from "./worker.js";

const QUIET = 120000; // milliseconds without a scan after which a new version may take over by itself
const { slug, zxing, wasm, version } = document.body.dataset;
const element = (id) => document.getElementById(id);
const screens = ["pairing", "ready", "elsewhere", "camera"];

function show(name) {
  for (const one of screens) element(one).hidden = one !== name;
  element("languages").hidden = name === "camera";
}

/** Whether a new version of the page may take over now. */
let between = () => !element("pairing-code").value;

async function begin() {
  hold();
  await alone(slug, () => show("elsewhere"));
  worker.register(slug, (hurried) => between(hurried));
  const storage = await Storage.open(slug);
  const lasting = navigator.storage?.persist?.(); // some browsers ask a person, who may be busy: it is not waited for
  const phone = await pairing.phone(storage, slug, () => show("pairing"));
  element("ready-event").textContent = phone.event.rehearsal ? `${phone.event.name} · ${_("Rehearsal")}` : phone.event.name;
  element("ready-gate").textContent = `${phone.device.name} · ${phone.gate.name}`;
  show("ready");
  element("start").focus();
  lasting?.then((granted) => (element("lasting").hidden = granted)).catch(() => {});
  const offset = (await storage.read("clock")) ?? 0;
  const clock = new Clock(offset, (measured) => storage.write("clock", measured).catch(() => {}));
  let steward = null;
  const start = () => (steward ??= work(storage, phone, clock));
  element("start").addEventListener("click", start);
  wedge.listen((code) => {
    start().verdict.leave();
    steward.ask({ code });
  });
  if (worker.resumed()) start();
}

function work(storage, phone, clock) {
  sound.allow();
  addEventListener("pointerdown", sound.allow);
  wake.keep();
  const network = new Network();
  const told = (state, error) => (state === "refused" ? heartbeat.refused(error) : status.told(state));
  const sync = new Sync({ storage, phone, network, clock, told });
  const steward = new Steward({ storage, phone, verdict: new Verdict(clock), network, sync, clock, told });
  const status = new Status(steward);
  const heartbeat = new Heartbeat(steward, status, storage, version);
  steward.moved = steward.confirm = () => heartbeat.beat(true);
  between = (hurried) => !document.querySelector("dialog[open]") && steward.idle(hurried || document.hidden ? 0 : QUIET);
  const deeds = new Deeds(steward, status);
  steward.heard = () => deeds.unlock();
  new Finding(steward);
  new Looking(steward, status);
  new About(steward, status, storage, version);
  show("camera");
  status.told(status.state);
  wire(steward, status, storage, heartbeat);
  steward.ready = sync.begin();
  steward.ready.then(() => heartbeat.beat());
  film(steward, status);
  return steward;
}

function film(steward, status) {
  const camera = new Camera(element("video"), (code) => steward.fromCamera(code));
  const begin = async () => {
    try {
      await camera.start(zxing, wasm, lens.chosen());
      await lens.offer(camera);
      status.say(N_("Hold the code in the frame"));
    } catch {
      status.say(N_("No camera. Type the serial, or use a hand scanner."));
    }
  };
  lens.wire(camera, begin);
  begin();
}

function wire(steward, status, storage, heartbeat) {
  element("direction").addEventListener("click", () => {
    steward.turn();
    status.draw();
  });
  element("type").addEventListener("click", () => {
    element("serial").value = element("serial-problem").textContent = "";
    element("typing").showModal();
  });
  element("typing").addEventListener("submit", (event) => {
    const typed = element("serial").value.trim().toUpperCase();
    if (event.submitter?.value !== "scan" || typed.startsWith("VG1.") || fits(typed)) return;
    event.preventDefault();
    element("serial-problem").textContent = _("A sign is wrong or missing: compare it with the ticket.");
  });
  element("typing").addEventListener("close", () => {
    const typed = element("serial").value.trim().toUpperCase();
    if (element("typing").returnValue === "scan" && typed) steward.ask(typed.startsWith("VG1.") ? { code: typed } : { serial: typed });
  });
  element("last").addEventListener("click", () => listLast(storage));
  addEventListener("offline", () => status.told("away"));
  addEventListener("online", () => {
    steward.network.answered();
    steward.sync.now();
    heartbeat.beat(true);
  });
}

begin();
