/** How full each zone was when the server last said it, and what this phone has done since. */

const SETTLES = 10000; // milliseconds until the server has judged a batch that it has stored

/** Who is inside where, as what one scan changed of it: zone → bodies more or fewer, zones around it included. */
export function steps(bundle, before, after) {
  const found = {};
  const count = (zones, step) => {
    for (const zone of zones.flatMap((one) => bundle.around(one))) found[zone] = (found[zone] ?? 0) + step;
  };
  count(before, -1);
  count(after, 1);
  return found;
}

export class House {
  /** @param {object} storage */
  constructor(storage) {
    Object.assign(this, { storage, said: null, since: [] });
  }

  /** Take what was kept: the count, and what this phone did that is not in it. */
  async load() {
    const kept = await this.storage.read("house");
    if (!kept) return;
    this.#take(kept.said);
    const unsent = (await this.storage.unsent()).map((one) => ({ id: one.scan_id, steps: one.noted?.steps, sentAt: Infinity }));
    const later = (await this.storage.noted()).filter((one) => one.told > kept.heard);
    this.since = [...unsent, ...later.map(({ steps }) => ({ id: null, steps, sentAt: performance.now() }))].filter((one) => one.steps);
  }

  #take(said) {
    this.said = { ...said, zones: new Map(said.zones.map((one) => [one.id, one])) };
  }

  /** A new count, asked for at a moment of this page: what the server knew by then is in it. */
  async hear(said, asked) {
    if (!said) return;
    this.since = this.since.filter((one) => one.sentAt > asked);
    this.#take(said);
    await this.storage.write("house", { said, heard: Date.now() }).catch(() => {}); // it is judged by, kept or not
  }

  /** This phone has let somebody in or out; the server knows of it, or not yet. */
  moved(id, steps, known) {
    if (Object.keys(steps ?? {}).length) this.since.push({ id, steps, sentAt: known ? performance.now() : Infinity });
  }

  /** The server has stored these scans. */
  sent(ids) {
    const all = new Set(ids);
    for (const one of this.since) if (all.has(one.id)) one.sentAt = performance.now() + SETTLES;
  }

  /** Whether one of these zones has no room for so many more, as far as this phone knows. */
  full(zones, bodies, dayId) {
    if (!this.said || this.said.day_id !== dayId) return false;
    return zones.some((zone) => {
      const known = this.said.zones.get(zone);
      const own = this.since.reduce((sum, { steps }) => sum + (steps[zone] ?? 0), 0);
      return known !== undefined && known.capacity - known.bodies - own < bodies;
    });
  }
}
