/** What this phone keeps: who it is, its sequence, scans without an answer, the last twenty answers. */

const MOST_KEPT = 20;

/** @param {IDBRequest | IDBTransaction} asked */
function settled(asked) {
  return new Promise((resolve, reject) => {
    asked.onerror = () => reject(asked.error);
    if (asked instanceof IDBTransaction) asked.oncomplete = () => resolve(undefined);
    else asked.onsuccess = () => resolve(asked.result);
  });
}

/** One database per organization, since storage belongs to the origin. */
export class Storage {
  /** @param {IDBDatabase} base */
  constructor(base) {
    this.base = base;
  }

  /** @param {string} slug */
  static async open(slug) {
    const asked = indexedDB.open(`scan:${slug}`, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("phone");
      asked.result.createObjectStore("unanswered", { keyPath: "scan_id" });
    };
    await navigator.storage?.persist?.();
    return new Storage(await settled(asked));
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
    const work = this.base.transaction(["phone", "unanswered"], "readwrite");
    const phone = work.objectStore("phone");
    const sequence = ((await settled(phone.get("sequence"))) ?? 0) + 1;
    phone.put(sequence, "sequence");
    const kept = { ...scan, sequence };
    work.objectStore("unanswered").put(kept);
    await settled(work);
    return kept;
  }

  /** The scan of this code that never had an answer: it is asked again under its own id. */
  async unanswered(key, direction) {
    const all = await settled(this.base.transaction("unanswered").objectStore("unanswered").getAll());
    return all.find((one) => (one.code ?? one.serial) === key && one.direction === direction);
  }

  /** @param {string} scanId */
  async answered(scanId) {
    const work = this.base.transaction("unanswered", "readwrite");
    work.objectStore("unanswered").delete(scanId);
    await settled(work);
  }

  /** Add to the last twenty, newest first. */
  async remember(entry) {
    const before = (await this.read("last")) ?? [];
    await this.write("last", [entry, ...before].slice(0, MOST_KEPT));
  }

  /** Forget everything: the phone was taken out of service, or is paired anew. */
  async wipe() {
    const work = this.base.transaction(["phone", "unanswered"], "readwrite");
    work.objectStore("phone").clear();
    work.objectStore("unanswered").clear();
    await settled(work);
  }
}
