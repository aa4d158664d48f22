/** Unsent scans as a file, sealed under what only this phone and the server know: the phone's token. */

import { asSent } from "./sent.js";

const KIND = "voelgoed-scans";
const MOST = 10000;

const text = (bytes) => btoa(Array.from(new Uint8Array(bytes), (one) => String.fromCharCode(one)).join(""));
const bytes = (words) => new TextEncoder().encode(words);

/** The key of one file: from the hash of the token, which is all that the server keeps of it. */
async function keyOf(token, salt) {
  const secret = await crypto.subtle.digest("SHA-256", bytes(token));
  const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info: bytes(KIND) };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
}

/** Return the file's content; who it is from and its number are part of what the seal holds together. */
export async function sealed(phone, scans) {
  const [salt, iv] = [crypto.getRandomValues(new Uint8Array(16)), crypto.getRandomValues(new Uint8Array(12))];
  const head = { kind: KIND, version: 1, device: phone.device.id, batch_id: crypto.randomUUID() };
  const plain = bytes(JSON.stringify(scans.slice(0, MOST).map(asSent)));
  const additionalData = bytes([head.kind, head.version, head.device, head.batch_id].join("."));
  const what = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, await keyOf(phone.token, salt), plain);
  return JSON.stringify({ ...head, salt: text(salt), iv: text(iv), sealed: text(what) });
}

/** Save the file, or hand it to another application where the phone can. */
export async function takeOut(phone, scans) {
  const name = `scans-${phone.device.name.replace(/[^\p{L}\p{N}]+/gu, "-")}-${scans.at(-1).sequence}.json`;
  const file = new File([await sealed(phone, scans)], name, { type: "application/json" });
  if (matchMedia("(pointer: coarse)").matches && navigator.canShare?.({ files: [file] })) return navigator.share({ files: [file] });
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: name });
  link.click();
  return setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
