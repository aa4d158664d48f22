/** What is heard and felt: each kind of verdict tells itself apart without being seen. */

/** Kind → tones: [pitch in Hz, begins after seconds, lasts seconds, shape]. Up is in, down is out, low is stop. */
export const TONES = {
  admitted: [[880, 0, 0.09, "sine"], [1318, 0.1, 0.16, "sine"]],
  exited: [[880, 0, 0.09, "sine"], [587, 0.1, 0.16, "sine"]],
  offline: [[880, 0, 0.09, "sine"], [1318, 0.1, 0.09, "sine"], [1760, 0.2, 0.16, "sine"]],
  stop: [[165, 0, 0.22, "square"], [165, 0.28, 0.32, "square"]],
  elsewhere: [[660, 0, 0.1, "triangle"], [660, 0.16, 0.1, "triangle"], [660, 0.32, 0.1, "triangle"], [660, 0.48, 0.1, "triangle"]],
};
/** Kind → milliseconds: on, off, on …; told apart by how many pulses, and how long they are. */
export const SHAKES = {
  admitted: [60],
  exited: [60, 60, 60],
  offline: [60, 60, 60, 60, 60],
  stop: [300, 80, 300],
  elsewhere: [60, 60, 60, 60, 60, 60, 60],
};

let context = null;

/** Sound needs a touch once: call it from a click or a key. */
export function allow() {
  context ??= new AudioContext();
  context.resume();
}

/** Which of them a verdict is told by. @param {string} name of the verdict @param {string} kind go, stop or elsewhere */
export function kindOf(name, kind) {
  if (kind !== "go") return kind;
  return { exited: "exited", offline_admitted: "offline" }[name] ?? "admitted";
}

export function tell(name, kind) {
  const which = kindOf(name, kind);
  navigator.vibrate?.(SHAKES[which]);
  if (context?.state !== "running") return;
  for (const [pitch, after, length, shape] of TONES[which]) tone(context, pitch, context.currentTime + after, length, shape);
}

/** Put one tone on a context's sound. */
export function tone(on, pitch, at, length, shape) {
  const source = new OscillatorNode(on, { frequency: pitch, type: shape });
  const volume = new GainNode(on, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.5, at + 0.01);
  volume.gain.linearRampToValueAtTime(0, at + length);
  source.connect(volume).connect(on.destination);
  source.start(at);
  source.stop(at + length);
}
