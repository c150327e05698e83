import { DecodeError } from "#lib/informer/index.ts";

/** What may come next. */
const next = {
  value: 0,
  valueOrEnd: 1,
  key: 2,
  keyOrEnd: 3,
  colon: 4,
  commaOrEnd: 5,
  string: 6,
  escape: 7,
  scalar: 8,
} as const;

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const colon = 0x3a;

/**
 * Finds where a JSON value ends, over any number of pieces, and notices garbage as soon as nothing that follows could
 * make it JSON. It judges structure only: what stands between two structural bytes is left to `JSON.parse`.
 */
export class JsonScanner {
  #next: number = next.value;
  #isKey = false;
  /** Containers that are open, outermost first: whether each is an object. */
  readonly #open: boolean[] = [];

  /**
   * Goes on with the value that is being scanned, or begins one.
   *
   * @returns the index behind the value, or -1 if it goes on in the next piece
   * @throws DecodeError
   */
  scan(bytes: Buffer, from: number): number {
    const { length } = bytes;
    let at = from;
    while (at < length) {
      if (this.#next === next.string) {
        at = this.#string(bytes, at);
      } else if (this.#next === next.escape) {
        this.#next = next.string;
        at++;
        continue;
      } else if (this.#next === next.scalar) {
        while (at < length && isScalarByte(bytes[at] ?? 0)) at++;
        if (at < length) this.#endValue();
      } else {
        this.#token(bytes[at] ?? 0);
        at++;
      }
      if (this.#isComplete) return this.#reset(at);
    }
    return -1;
  }

  /** The body ended: a number or a word at the top is complete now. Anything else that was begun is not. */
  get isScalarAtEnd(): boolean {
    return this.#next === next.scalar && this.#open.length === 0;
  }

  /** In a string: goes to its end, which most bytes are not. */
  #string(bytes: Buffer, from: number): number {
    const { length } = bytes;
    for (let at = from; at < length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === quote) {
        if (this.#isKey) this.#next = next.colon;
        else this.#endValue();
        return at + 1;
      }
      if (byte === backslash) {
        this.#next = next.escape;
        return at + 1;
      }
      if (byte < 0x20) throw garbage(byte);
    }
    return length;
  }

  #token(byte: number): void {
    if (isWhitespace(byte)) return;
    switch (this.#next) {
      case next.valueOrEnd:
        if (byte === closeBracket) return this.#close();
        return this.#beginValue(byte);
      case next.value:
        return this.#beginValue(byte);
      case next.keyOrEnd:
        if (byte === closeBrace) return this.#close();
        return this.#beginKey(byte);
      case next.key:
        return this.#beginKey(byte);
      case next.colon:
        if (byte !== colon) throw garbage(byte);
        this.#next = next.value;
        return undefined;
      default:
        return this.#afterValue(byte);
    }
  }

  #afterValue(byte: number): void {
    const isObject = this.#open.at(-1) === true;
    if (byte === comma) this.#next = isObject ? next.key : next.value;
    else if (byte === (isObject ? closeBrace : closeBracket)) this.#close();
    else throw garbage(byte);
  }

  #beginKey(byte: number): void {
    if (byte !== quote) throw garbage(byte);
    this.#isKey = true;
    this.#next = next.string;
  }

  #beginValue(byte: number): void {
    if (byte === quote) {
      this.#isKey = false;
      this.#next = next.string;
    } else if (byte === openBrace) {
      this.#open.push(true);
      this.#next = next.keyOrEnd;
    } else if (byte === openBracket) {
      this.#open.push(false);
      this.#next = next.valueOrEnd;
    } else if (isScalarByte(byte)) {
      this.#next = next.scalar;
    } else throw garbage(byte);
  }

  #close(): void {
    this.#open.pop();
    this.#endValue();
  }

  #endValue(): void {
    this.#next = next.commaOrEnd;
  }

  get #isComplete(): boolean {
    return this.#next === next.commaOrEnd && this.#open.length === 0;
  }

  #reset(end: number): number {
    this.#next = next.value;
    return end;
  }
}

export function isWhitespace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Letters, digits, and the signs of a number. */
function isScalarByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x45 ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2e
  );
}

function garbage(byte: number): DecodeError {
  const shown = byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `byte 0x${byte.toString(16).padStart(2, "0")}`;
  return new DecodeError(`the body is not JSON: unexpected ${shown}`);
}
