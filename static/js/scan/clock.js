/** The server's time as far as this phone knows it, whatever somebody does to the phone's own clock meanwhile. */

const LEAP = 2000; // milliseconds: less is drift, not a hand at the clock
const BETWEEN = 1000;

export class Clock {
  /** @param {number} offset milliseconds that the phone's clock is ahead of the server's @param {(offset: number) => void} kept */
  constructor(offset, kept) {
    Object.assign(this, { offset, kept, sure: false });
    this.#look();
    setInterval(() => this.watch(), BETWEEN);
    document.addEventListener("visibilitychange", () => this.watch());
  }

  #look() {
    this.wall = Date.now();
    this.steady = performance.now();
    this.away = document.hidden;
  }

  /** See whether the clock was set: it moved and the time that passed did not. A sleeping phone is not that. */
  watch() {
    const leap = Date.now() - this.wall - (performance.now() - this.steady);
    const slept = leap > 0 && (this.away || document.hidden);
    this.#look();
    if (Math.abs(leap) > LEAP && !slept) this.#take(this.offset + leap);
  }

  /** The server has just said its time. */
  measured(offset) {
    this.sure = true;
    this.#take(offset);
  }

  #take(offset) {
    this.#look();
    this.offset = Math.round(offset);
    this.kept(this.offset);
  }

  /** What a scan carries: the moment by the phone's own clock, and how far that is ahead. */
  stamp() {
    this.watch();
    return { scanned_at: new Date(Date.now()).toISOString(), clock_offset_ms: this.offset };
  }

  /** By the server's clock: seconds. */
  get now() {
    this.watch();
    return (Date.now() - this.offset) / 1000;
  }
}
