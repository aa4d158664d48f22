/** What this phone keeps: who it is, its sequence, scans without an answer, its bundle, the last twenty answers. */

const MOST_KEPT = 20;

/** @param {IDBRequest | IDBTransaction} asked */
function settled(asked) {
  return new Promise((resolve, reject) => {
    asked.onerror = () => reject(asked.error);
    if (asked instanceof IDBTransaction) asked.oncomplete = () => resolve(undefined);
    else asked.onsuccess = () => resolve(asked.result);
  });
}

const CIPHER = "AES-GCM";

/** One database per organization, since storage belongs to the origin. What was read lies sealed until it is answered. */
export class Storage {
  /** @param {IDBDatabase} base */
  constructor(base) {
    this.base = base;
  }

  /** @param {string} slug */
  static async open(slug) {
    const asked = indexedDB.open(`scan:${slug}`, 2);
    asked.onupgradeneeded = (event) => {
      if (event.oldVersion < 1) {
        asked.result.createObjectStore("phone");
        asked.result.createObjectStore("unanswered", { keyPath: "scan_id" });
      }
      if (event.oldVersion < 2) asked.result.createObjectStore("bundle");
    };
    const made = new Storage(await settled(asked));
    made.lasting = (await navigator.storage?.persist?.()) ?? false;
    made.seal = (await made.read("seal")) ?? (await made.#newSeal());
    return made;
  }

  /** A key that never leaves this browser, not even to this page. */
  async #newSeal() {
    const made = await crypto.subtle.generateKey({ name: CIPHER, length: 256 }, false, ["encrypt", "decrypt"]);
    await this.write("seal", made);
    return made;
  }

  async #closed({ code, serial, ...scan }) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(code ? { code } : { serial }));
    return { ...scan, sealed: { iv, what: await crypto.subtle.encrypt({ name: CIPHER, iv }, this.seal, plain) } };
  }

  async #opened({ sealed: { iv, what }, ...scan }) {
    const plain = await crypto.subtle.decrypt({ name: CIPHER, iv }, this.seal, what);
    return { ...scan, ...JSON.parse(new TextDecoder().decode(plain)) };
  }

  /** @param {string} key */
  read(key) {
    return settled(this.base.transaction("phone").objectStore("phone").get(key));
  }

  /** @param {string} key @param {unknown} value */
  async write(key, value) {
    const work = this.base.transaction("phone", "readwrite");
    work.objectStore("phone").put(value, key);
    await settled(work);
  }

  /** Keep a new scan with the next sequence, in one transaction, before anything is sent. */
  async keep(scan) {
    const closed = await this.#closed(scan);
    const work = this.base.transaction(["phone", "unanswered"], "readwrite");
    const phone = work.objectStore("phone");
    const sequence = ((await settled(phone.get("sequence"))) ?? 0) + 1;
    phone.put(sequence, "sequence");
    work.objectStore("unanswered").put({ ...closed, sequence });
    await settled(work);
    return { ...scan, sequence };
  }

  /** All scans without an answer, in the order of their sequence. */
  async waiting() {
    const all = await settled(this.base.transaction("unanswered").objectStore("unanswered").getAll());
    const opened = await Promise.all(all.map((one) => this.#opened(one)));
    return opened.sort((one, other) => one.sequence - other.sequence);
  }

  /** The scan of this code that nobody has judged: it is asked again under its own id. */
  async unanswered(key, direction) {
    const all = await this.waiting();
    return all.find((one) => !one.offline_verdict && (one.code ?? one.serial) === key && one.direction === direction);
  }

  /** All scans that were judged here and that the server does not have. */
  async unsent() {
    return (await this.waiting()).filter((one) => one.offline_verdict);
  }

  /** Write down what this phone has said and what that did to the ticket, before it is said. */
  async judged(scan, verdict, noted) {
    const closed = await this.#closed({ ...scan, offline_verdict: verdict, noted });
    const work = this.base.transaction("unanswered", "readwrite");
    work.objectStore("unanswered").put(closed);
    await settled(work);
  }

  /** The bundle as it was kept, or nothing. */
  async bundle() {
    return settled(this.base.transaction("bundle").objectStore("bundle").get("bundle"));
  }

  async keepBundle(kept) {
    const work = this.base.transaction("bundle", "readwrite");
    work.objectStore("bundle").put(kept, "bundle");
    await settled(work);
  }

  async forgetBundle() {
    const work = this.base.transaction("bundle", "readwrite");
    work.objectStore("bundle").clear();
    await settled(work);
  }

  /** Forget scans that the server has answered. */
  async answered(...scanIds) {
    const work = this.base.transaction("unanswered", "readwrite");
    for (const scanId of scanIds) work.objectStore("unanswered").delete(scanId);
    await settled(work);
  }

  /** Add to the last twenty, newest first. */
  async remember(entry) {
    const before = (await this.read("last")) ?? [];
    await this.write("last", [entry, ...before].slice(0, MOST_KEPT));
  }

  /** Forget everything: the phone was taken out of service and has sent all it had, or is paired anew. */
  async wipe() {
    const work = this.base.transaction(["phone", "unanswered", "bundle"], "readwrite");
    for (const store of ["phone", "unanswered", "bundle"]) work.objectStore(store).clear();
    await settled(work);
    this.seal = await this.#newSeal();
  }
}
