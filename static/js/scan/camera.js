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
    this.video = video;
    this.read = read;
    this.track = null;
  }

  /** Begin; throws when there is no camera, or it may not be used. */
  async start(script, wasm) {
    if (!navigator.mediaDevices?.getUserMedia) throw new Error("no camera here");
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
    });
    this.track = stream.getVideoTracks()[0];
    this.video.srcObject = stream;
    await this.video.play();
    this.detect = (await ownDetector()) ?? (await wasmDetector(script, wasm));
    this.look();
  }

  get hasTorch() {
    return Boolean(this.track?.getCapabilities?.().torch);
  }

  async torch(on) {
    await this.track.applyConstraints({ advanced: [{ torch: on }] });
  }

  async look() {
    if (!document.hidden && this.video.readyState >= 2) {
      const code = await this.detect(this.video).catch(() => null);
      if (code) this.read(code);
    }
    setTimeout(() => this.look(), BETWEEN);
  }
}
