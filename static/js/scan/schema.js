/** The phone's database, step by step: a new version of the page adds its step, and what waits to be sent stays. */

/** @type {((base: IDBDatabase, work: IDBTransaction) => void)[]} what each version added to the one before */
const STEPS = [
  (base) => {
    base.createObjectStore("phone");
    base.createObjectStore("unanswered", { keyPath: "scan_id" });
  },
  (base) => base.createObjectStore("bundle"),
  (base, work) => {
    base.createObjectStore("noted", { keyPath: "key" });
    work.objectStore("unanswered").createIndex("judged", "offline_verdict");
  },
];

/** Wait for a request or a whole transaction; full storage comes as QuotaExceededError. */
export function settled(asked) {
  return new Promise((resolve, reject) => {
    if (asked instanceof IDBTransaction) {
      asked.oncomplete = () => resolve(undefined);
      asked.onabort = () => reject(asked.error ?? new DOMException("aborted", "AbortError"));
    } else {
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    }
  });
}

function asked(name, version) {
  const opening = indexedDB.open(name, version);
  opening.onupgradeneeded = (event) => {
    for (const step of STEPS.slice(event.oldVersion)) step(opening.result, opening.transaction);
  };
  return settled(opening);
}

/** Open the database of a name, brought up to this page's version; one that a newer page has made is used as it is. */
export async function open(name) {
  try {
    return await asked(name, STEPS.length);
  } catch (error) {
    if (error.name !== "VersionError") throw error;
    return asked(name);
  }
}
