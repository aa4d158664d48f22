/** What was read lies sealed on the phone until the server has answered: under a key that never leaves this browser. */

const CIPHER = "AES-GCM";

export class Seal {
  /** A new key, which not even this page can read. */
  static key() {
    return crypto.subtle.generateKey({ name: CIPHER, length: 256 }, false, ["encrypt", "decrypt"]);
  }

  /** @param {CryptoKey} key */
  constructor(key) {
    this.key = key;
  }

  /** Put code and serial of a scan under the seal, or what a supervisor's deed says. */
  async close({ code, serial, deed, ...scan }) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(deed ? { deed } : code ? { code } : { serial }));
    return { ...scan, sealed: { iv, what: await crypto.subtle.encrypt({ name: CIPHER, iv }, this.key, plain) } };
  }

  /** Take scans as they lie in storage, and give them back whole. */
  open(scans) {
    return Promise.all(scans.map((one) => this.#open(one)));
  }

  async #open({ sealed: { iv, what }, ...scan }) {
    const plain = await crypto.subtle.decrypt({ name: CIPHER, iv }, this.key, what);
    return { ...scan, ...JSON.parse(new TextDecoder().decode(plain)) };
  }
}
