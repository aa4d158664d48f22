/** The camera and what reads its picture: the browser's own detector, else zxing in WebAssembly. */

const BETWEEN = 60; // milliseconds between two looks
const WIDEST = 720; // pixels that are looked at: more is slower, and no surer

async function ownDetector() {
  if (!("BarcodeDetector" in window)) return null;
  const formats = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
  if (!formats.includes("qr_code")) return null;
  const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
  return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
}

async function wasmDetector(script, wasm) {
  await new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement("script"), { src: script, onload: resolve, onerror: reject });
    document.head.append(element);
  });
  const zxing = window.ZXingWASM;
  zxing.prepareZXingModule({ overrides: { locateFile: (path, prefix) => (path.endsWith(".wasm") ? wasm : prefix + path) } });
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const share = Math.min(1, WIDEST / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * share);
    canvas.height = Math.round(video.videoHeight * share);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = context.getImageData(0, 0, canvas.width, canvas.height);
    const found = await zxing.readBarcodes(picture, { formats: ["QRCode"], maxNumberOfSymbols: 1 });
    return found[0]?.text ?? null;
  };
}

export class Camera {
  /** @param {HTMLVideoElement} video @param {(code: string) => void} read */
  constructor(video, read) {
    Object.assign(this, { video, read, track: null, looks: false });
    this.eye = Object.assign(document.createElement("canvas"), { width: 16, height: 16 });
  }

  /** Begin, with the camera that was chosen or the one that looks away; throws when there is none, or it may not be used. */
  async start(script, wasm, id) {
    if (!navigator.mediaDevices?.getUserMedia) throw new Error("no camera here");
    this.track?.stop();
    const which = id ? { deviceId: { ideal: id } } : { facingMode: { ideal: "environment" } };
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { ...which, width: { ideal: 1280 }, height: { ideal: 720 } },
    });
    this.track = stream.getVideoTracks()[0];
    this.video.srcObject = stream;
    await this.video.play();
    this.detect ??= (await ownDetector()) ?? (await wasmDetector(script, wasm));
    if (!this.looks) this.look();
    this.looks = true;
  }

  /** What the running camera can do: {torch, zoom: {min, max, step}}. */
  get can() {
    return this.track?.getCapabilities?.() ?? {};
  }

  get id() {
    return this.track?.getSettings?.().deviceId ?? "";
  }

  get zoom() {
    return this.track?.getSettings?.().zoom ?? 1;
  }

  /** Set torch or zoom. */
  async set(what) {
    await this.track.applyConstraints({ advanced: [what] }).catch(() => {});
  }

  /** How bright the picture is, 0 to 255; null when there is none. */
  light() {
    if (document.hidden || this.video.readyState < 2) return null;
    const context = this.eye.getContext("2d", { willReadFrequently: true });
    context.drawImage(this.video, 0, 0, 16, 16);
    const dots = context.getImageData(0, 0, 16, 16).data;
    return dots.filter((_dot, place) => place % 4 !== 3).reduce((sum, dot) => sum + dot, 0) / 768;
  }

  async look() {
    if (!document.hidden && this.video.readyState >= 2) {
      const code = await this.detect(this.video).catch(() => null);
      if (code) this.read(code);
    }
    setTimeout(() => this.look(), BETWEEN);
  }
}
