/** Words too long for one QR code, as a sequence of codes: read in any order, any often, until all of them are there. */

const PIECE = 300; // characters in one code: a phone's camera reads it from a phone's screen at arm's length
const FRAME = /^VGF\.([0-9a-f]{8})\.(\d{1,5})\.(\d{1,5})\.(.+)$/s;

/** Whether a code is one of such a sequence, and no ticket. */
export const isFrame = (code) => code.startsWith("VGF.");

/** Cut words into the texts of codes, under a name of eight signs by which sequences are told apart. */
export function cut(words, name) {
  const all = Math.ceil(words.length / PIECE);
  return Array.from({ length: all }, (_none, at) => `VGF.${name}.${at}.${all}.${words.slice(at * PIECE, (at + 1) * PIECE)}`);
}

/** Gathers the codes of one sequence; a code of another begins anew. */
export class Gathered {
  constructor() {
    this.name = "";
    this.begin("", 0);
  }

  begin(name, all) {
    Object.assign(this, { name, all, pieces: new Map() });
  }

  /** Take a code in; says whether it was new. */
  add(code) {
    const [, name, number, all, piece] = FRAME.exec(code) ?? [];
    if (!name || Number(number) >= Number(all)) return false;
    if (name !== this.name || Number(all) !== this.all) this.begin(name, Number(all));
    const before = this.pieces.size;
    this.pieces.set(Number(number), piece);
    return this.pieces.size > before;
  }

  get count() {
    return this.pieces.size;
  }

  /** The words, once all codes are there; nothing before. */
  get words() {
    if (!this.all || this.count < this.all) return null;
    return Array.from({ length: this.all }, (_none, at) => this.pieces.get(at)).join("");
  }
}
