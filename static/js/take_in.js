/** "Take in a file": films the codes that a phone shows of its unsent scans, in any order, until it has the whole file. */

import { Camera } from "./scan/camera.js";
import { Gathered } from "./scan/frames.js";

const element = (id) => document.getElementById(id);
const { zxing, wasm } = element("film").dataset;
const gathered = new Gathered();

function say(words) {
  element("film-says").textContent = words;
}

function handIn(words) {
  const kept = new DataTransfer();
  kept.items.add(new File([words], "scans.json", { type: "application/json" }));
  element("file").files = kept.files;
  say("All of them are here: taking them in.");
  element("file").form.requestSubmit();
}

function read(code) {
  if (gathered.words !== null || !gathered.add(code)) return;
  const { count, all } = gathered;
  Object.assign(element("film-progress"), { max: all, value: count });
  say(`${count} of ${all} codes are here. Keep the camera on the phone until all are.`);
  if (gathered.words !== null) handIn(gathered.words);
}

async function begin() {
  element("film-begin").hidden = true;
  element("film-picture").hidden = false;
  try {
    await new Camera(element("film-video"), read).start(zxing, wasm);
    say("Hold the phone’s codes before this camera.");
    element("film").scrollIntoView({ block: "start" });
  } catch {
    element("film-begin").hidden = false;
    element("film-picture").hidden = true;
    say("No camera may be used here. Open this page on a device with one, under its https address, or take the file in.");
  }
}

element("film-begin").addEventListener("click", begin);
