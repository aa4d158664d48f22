/** What is heard and felt: each kind of verdict tells itself apart without being seen. */

const TONES = {
  admitted: [[880, 0, 0.09, "sine"], [1318, 0.1, 0.16, "sine"]],
  exited: [[880, 0, 0.09, "sine"], [587, 0.1, 0.16, "sine"]],
  stop: [[165, 0, 0.22, "square"], [165, 0.28, 0.32, "square"]],
  elsewhere: [[660, 0, 0.1, "triangle"], [660, 0.16, 0.1, "triangle"], [880, 0.32, 0.18, "triangle"]],
};
const SHAKES = { admitted: [60], exited: [40, 40, 40], stop: [220, 80, 220, 80, 220], elsewhere: [120, 70, 120] };

let context = null;

/** Sound needs a touch once: call it from a click. */
export function allow() {
  context ??= new AudioContext();
  context.resume();
}

/** @param {string} name of the verdict @param {string} kind go, stop or elsewhere */
export function tell(name, kind) {
  const which = kind === "go" ? (name === "exited" ? "exited" : "admitted") : kind;
  navigator.vibrate?.(SHAKES[which]);
  if (context?.state !== "running") return;
  for (const [pitch, after, length, shape] of TONES[which]) tone(pitch, context.currentTime + after, length, shape);
}

function tone(pitch, at, length, shape) {
  const source = new OscillatorNode(context, { frequency: pitch, type: shape });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.5, at + 0.01);
  volume.gain.linearRampToValueAtTime(0, at + length);
  source.connect(volume).connect(context.destination);
  source.start(at);
  source.stop(at + length);
}
