/** The tickets that this phone knows without network: one run of records sorted by keyed hash, and who is inside. */

const RECORD = 30; // bytes: 16 hash, 8 serial, 1 version, 1 type, 2 days, 1 bodies, 1 flags
const HASH = 16;
const SERIAL = 8;
const VOID = 1;
const BLOCKED = 2;
export const ROUNDED = 10; // seconds that the server's moment of coming may lie before this phone's

const SIGNS = Array.from({ length: 256 }, (_, one) => one.toString(16).padStart(2, "0"));

/** The bytes of base 64, by hand where the browser does not know it: a call for each of millions is slow on a phone. */
function bytesOf(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const signs = atob(text);
  const bytes = new Uint8Array(signs.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = signs.charCodeAt(at);
  return bytes;
}

function hex(bytes) {
  let signs = "";
  for (const one of bytes) signs += SIGNS[one];
  return signs;
}

function compare(run, at, hash) {
  for (let place = 0; place < hash.length; place += 1) {
    const difference = run[at + place] - hash[place];
    if (difference) return difference;
  }
  return 0;
}

/** Merge two sorted runs; where both have a ticket the newer one's record stands. */
function merge(old, newer) {
  const made = new Uint8Array(old.length + newer.length);
  let [a, b, at] = [0, 0, 0];
  while (a < old.length || b < newer.length) {
    const order = a === old.length ? 1 : b === newer.length ? -1 : compare(old, a, newer.subarray(b, b + HASH));
    made.set(order < 0 ? old.subarray(a, a + RECORD) : newer.subarray(b, b + RECORD), at);
    if (order <= 0) a += RECORD;
    if (order >= 0) b += RECORD;
    at += RECORD;
  }
  return made.slice(0, at);
}

export class Bundle {
  /** @param {object} head everything but the tickets @param {Uint8Array} run @param {Map<string, object[]>} stays */
  constructor(head, run, stays) {
    Object.assign(this, { head, run, stays });
    this.keys = new Map(head.keys.map((one) => [one.id, { own: one.own, public: bytesOf(one.public) }]));
    this.types = new Map(head.types.map((one) => [one.number, one]));
    this.gates = new Map(head.gates.map((one) => [one.id, one]));
    this.zones = new Map(head.zones.map((one) => [one.id, one]));
    this.madeAt = Date.parse(head.made_at) / 1000; // seconds
  }

  get version() {
    return this.head.version;
  }

  get count() {
    return this.run.length / RECORD;
  }

  /** Take what the server said: everything, or what changed since the bundle before. */
  static async from(said, before) {
    const { tickets, stays, ...head } = said;
    const run = bytesOf(tickets);
    const fresh = new Map();
    const stay = ([pass, place, at, entry, freed]) => {
      const zone = place === null ? null : head.zones[place].id;
      return { pass, zone, at, entry, freed: Boolean(freed) };
    };
    // Of a whole bundle only those that came in are spoken of one by one: the others are found in the run.
    const spoken = said.whole ? Object.keys(stays).map(Number) : Array.from({ length: run.length / RECORD }, (_, at) => at);
    for (const place of spoken) {
      fresh.set(hex(run.subarray(place * RECORD, place * RECORD + HASH)), (stays[place] ?? []).map(stay));
    }
    const kept = new Map(said.whole || !before ? [] : before.stays); // the one before is judged by until this is whole
    for (const [key, inside] of fresh) {
      if (inside.length) kept.set(key, inside);
      else kept.delete(key);
    }
    const made = new Bundle(head, said.whole || !before ? run : merge(before.run, run), kept);
    made.fresh = fresh; // whom the server has just spoken of
    await made.#pepper();
    return made;
  }

  static async load(kept) {
    const made = new Bundle(kept.head, new Uint8Array(kept.run), kept.stays);
    await made.#pepper();
    return made;
  }

  /** What is kept of it on the phone. */
  kept() {
    return { head: this.head, run: this.run.buffer, stays: this.stays };
  }

  async #pepper() {
    const secret = bytesOf(this.head.pepper);
    this.key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  }

  async #hash(bytes) {
    return new Uint8Array(await crypto.subtle.sign("HMAC", this.key, bytes));
  }

  /** A ticket that is not here yet, as its own code describes it, with what this phone has done to it. */
  async unknown({ ticket, version, type, days, bodies }) {
    const key = await this.keyOf(ticket);
    return { key, version, type, days, bodies, void: false, blocked: false, stays: this.#stays(key) };
  }

  /** The keyed hash of a ticket's id: what it is called here. */
  async keyOf(id) {
    return hex((await this.#hash(id)).slice(0, HASH));
  }

  /** Find a ticket by the 16 bytes of its id; null for one that is not here. */
  async find(id) {
    const hash = (await this.#hash(id)).slice(0, HASH);
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = compare(this.run, middle * RECORD, hash);
      if (order === 0) return this.#ticket(middle);
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return null;
  }

  /** Find a ticket by the serial that was typed, whatever its case and hyphens. */
  async findSerial(typed) {
    const plain = typed.toUpperCase().replace(/[\s\-–.]/g, "");
    const hash = (await this.#hash(new TextEncoder().encode(plain))).slice(0, SERIAL);
    for (let place = 0; place < this.count; place += 1) {
      if (compare(this.run, place * RECORD + HASH, hash) === 0) return this.#ticket(place);
    }
    return null;
  }

  #ticket(place) {
    const at = place * RECORD;
    const view = new DataView(this.run.buffer, this.run.byteOffset + at, RECORD);
    const key = hex(this.run.subarray(at, at + HASH));
    return {
      key,
      version: view.getUint8(24),
      type: view.getUint8(25),
      days: view.getUint16(26),
      bodies: view.getUint8(28),
      void: Boolean(view.getUint8(29) & VOID),
      blocked: Boolean(view.getUint8(29) & BLOCKED),
      stays: this.#stays(key),
    };
  }

  #stays(key) {
    return (this.stays.get(key) ?? []).map((stay) => ({ ...stay }));
  }

  /** Remember what a scan has done to a ticket, until the server's next word about it. */
  note({ key, stays }) {
    this.stays.set(key, stays);
    return { key, stays };
  }

  /** Take back what one scan has done to a ticket, as far as nothing came after it. */
  takeBack({ key, stays, before = [], steps = {} }) {
    const undone = stays.filter((one) => !before.some((was) => was.pass === one.pass && was.at === one.at && was.zone === one.zone));
    const back = Object.fromEntries(Object.entries(steps).map(([zone, step]) => [zone, -step]));
    const noted = { key, stays: before, undone, steps: back };
    this.join(noted);
    return noted;
  }

  #without(key, undone, before) {
    const passes = new Map(this.#stays(key).map((stay) => [stay.pass, stay]));
    for (const { pass, at } of undone) {
      if (!passes.has(pass) || Math.abs(passes.get(pass).at - at) > ROUNDED) continue;
      const was = before.find((one) => one.pass === pass);
      if (was) passes.set(pass, was);
      else passes.delete(pass);
    }
    this.stays.set(key, [...passes.values()]);
  }

  /** Put what this phone has done, and the server does not know yet, beside what the server knows. */
  join({ key, stays, undone }) {
    if (undone) {
      this.#without(key, undone, stays);
      return;
    }
    const passes = new Map(this.#stays(key).map((stay) => [stay.pass, stay]));
    for (const stay of stays) {
      const known = passes.get(stay.pass);
      const left = stay.zone === null && stay.at === known?.at; // who leaves keeps the moment of coming
      if (!(known?.at >= stay.at) || left) passes.set(stay.pass, stay);
    }
    this.stays.set(key, [...passes.values()]);
  }

  /** A zone and those around it, innermost first. */
  around(zone) {
    const ring = [];
    for (let at = zone; at && !ring.includes(at); at = this.zones.get(at)?.parent_id) ring.push(at);
    return ring;
  }
}
