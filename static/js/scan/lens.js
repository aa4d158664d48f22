/** Torch, zoom and choice of the camera, where the phone has them; and what its light asks for. */

import { _, N_, onSpoken } from "./words.js";

const CHOSEN = "scan:camera";
const DARK = 40; // of 255, the mean of the picture
const BRIGHT = 225;
const LOOK = 3000; // milliseconds
const element = (id) => document.getElementById(id);

/** The camera that the steward chose on this phone, if any. */
export const chosen = () => localStorage.getItem(CHOSEN) ?? "";

/** Offer what the running camera can do. */
export async function offer(camera) {
  const torch = element("torch");
  torch.hidden = !camera.can.torch;
  torch.setAttribute("aria-pressed", "false");
  const { zoom } = camera.can;
  element("zoom").hidden = !(zoom?.max > zoom?.min);
  if (zoom) Object.assign(element("zoom-range"), { min: zoom.min, max: zoom.max, step: zoom.step || 0.1, value: camera.zoom });
  await cameras(camera);
}

async function cameras(camera) {
  const found = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput");
  const named = (one, place) => new Option(one.label || _("Camera {number}", { number: place + 1 }), one.deviceId);
  element("lens").replaceChildren(...found.map(named));
  element("lens").value = camera.id;
  element("lens-field").hidden = found.length < 2;
}

/** Wire the controls once; `begin` starts the camera anew. */
export function wire(camera, begin) {
  element("torch").addEventListener("click", async () => {
    const on = element("torch").getAttribute("aria-pressed") !== "true";
    await camera.set({ torch: on });
    element("torch").setAttribute("aria-pressed", String(on));
  });
  element("zoom-range").addEventListener("input", () => camera.set({ zoom: Number(element("zoom-range").value) }));
  element("lens").addEventListener("change", () => {
    localStorage.setItem(CHOSEN, element("lens").value);
    begin();
  });
  let advice = "";
  const draw = () => (element("advice").textContent = advice && _(advice));
  setInterval(() => {
    const light = camera.light();
    advice = light === null ? "" : light < DARK ? N_("Dark: turn the torch on") : light > BRIGHT ? N_("Bright light: set the screen to its brightest") : "";
    draw();
  }, LOOK);
  onSpoken(draw);
}
