/** Whether the network is worth asking: after two failures it rests, and is tried again now and then. */

const FAILURES = 2;
const REST = 5000; // milliseconds
const LONGEST_REST = 60000;

export class Network {
  constructor() {
    this.failures = 0;
    this.rest = REST;
    this.again = 0;
  }

  /** Say whether to ask the server now. */
  get open() {
    return navigator.onLine && (this.failures < FAILURES || performance.now() >= this.again);
  }

  answered() {
    this.failures = 0;
    this.rest = REST;
  }

  failed() {
    this.failures += 1;
    if (this.failures < FAILURES) return;
    this.again = performance.now() + this.rest;
    this.rest = Math.min(this.rest * 2, LONGEST_REST);
  }
}
