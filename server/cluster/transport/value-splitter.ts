import type { WatchDecoder } from "./codec.ts";
import { assertHoldable, decodeJson, maxValueBytes } from "./decode-json.ts";
import { isWhitespace, JsonScanner } from "./json-scanner.ts";

const newline = 0x0a;
const closeBrace = 0x7d;

/**
 * Cuts a body that is one JSON value after the other, as a watch sends them. Line breaks have no meaning, but servers
 * send one value a line: a line that parses by itself is its value, for no beginning of a JSON value is a value.
 * Everything else is scanned byte by byte, each byte once.
 */
export class ValueSplitter implements WatchDecoder {
  readonly #maxValueBytes: number;
  readonly #scanner = new JsonScanner();
  /** The value that is not complete yet. */
  #pending: Buffer[] = [];
  /** Whether the scanner has seen `#pending`. */
  #isScanning = false;
  #pendingLength = 0;

  constructor(maxBytes = maxValueBytes) {
    this.#maxValueBytes = maxBytes;
  }

  /**
   * Adds the values that end in this piece.
   *
   * @throws DecodeError when garbage follows; the values before it have been added
   */
  push(piece: Buffer, values: unknown[]): void {
    if (this.#isScanning) {
      const end = this.#scanner.scan(piece, 0);
      if (end === -1) {
        this.#hold(piece);
        return;
      }
      const whole = this.#takePending(piece);
      const pendingLength = whole.length - piece.length;
      values.push(decodeJson(whole, 0, pendingLength + end));
      this.#split(piece, end, values);
      return;
    }
    if (this.#pending.length > 0 && !mayEndValue(piece)) {
      this.#hold(piece);
      return;
    }
    this.#split(this.#takePending(piece), 0, values);
  }

  /**
   * The body has ended. Half a value is dropped.
   *
   * @throws DecodeError when what is left could never have become a value
   */
  end(values: unknown[]): void {
    // The scanner goes on behind what it has seen, which is all that is pending or nothing of it.
    const isScanned = this.#isScanning;
    const rest = this.#takePending();
    if (isScanned) return;
    for (let at = 0; at < rest.length;) {
      const end = this.#scanner.scan(rest, at);
      if (end === -1) {
        if (this.#scanner.isScalarAtEnd) values.push(decodeJson(rest, at, rest.length));
        return;
      }
      values.push(decodeJson(rest, at, end));
      at = end;
    }
  }

  #split(bytes: Buffer, from: number, values: unknown[]): void {
    const { length } = bytes;
    for (let at = from; ;) {
      while (at < length && isWhitespace(bytes[at] ?? 0)) at++;
      if (at === length) return;
      const lineEnd = bytes.indexOf(newline, at);
      if (lineEnd !== -1 && this.#addLine(bytes, at, lineEnd, values)) {
        at = lineEnd + 1;
        continue;
      }
      if (lineEnd === -1 && !endsInBrace(bytes)) {
        this.#hold(bytes.subarray(at));
        return;
      }
      const end = this.#scanner.scan(bytes, at);
      if (end === -1) {
        this.#hold(bytes.subarray(at));
        this.#isScanning = true;
        return;
      }
      values.push(decodeJson(bytes, at, end));
      at = end;
    }
  }

  /** @returns whether the line is one value */
  #addLine(bytes: Buffer, start: number, end: number, values: unknown[]): boolean {
    try {
      values.push(decodeJson(bytes, start, end));
      return true;
    } catch {
      return false; // The scanner tells whether this is garbage, several values, or a part of one.
    }
  }

  #hold(piece: Buffer): void {
    this.#pending.push(piece);
    this.#pendingLength += piece.length;
    assertHoldable(this.#pendingLength, this.#maxValueBytes);
  }

  #takePending(piece?: Buffer): Buffer {
    const pieces = this.#pending;
    if (pieces.length === 0) return piece ?? Buffer.alloc(0);
    if (piece !== undefined) pieces.push(piece);
    this.#pending = [];
    this.#pendingLength = 0;
    this.#isScanning = false;
    return Buffer.concat(pieces);
  }
}

/** Whether looking at what is pending can be worth it. */
function mayEndValue(piece: Buffer): boolean {
  return endsInBrace(piece) || piece.indexOf(newline) !== -1;
}

function endsInBrace(bytes: Buffer): boolean {
  let at = bytes.length - 1;
  while (at >= 0 && isWhitespace(bytes[at] ?? 0)) at--;
  return bytes[at] === closeBrace;
}
