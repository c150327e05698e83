import { DecodeError } from "#lib/informer/index.ts";
import type { ListDecoder, ListPiece } from "./codec.ts";
import { assertHoldable, decodeJson, maxValueBytes } from "./decode-json.ts";
import { isWhitespace, JsonScanner } from "./json-scanner.ts";

type Expects =
  "open" | "key" | "keyOrEnd" | "colon" | "value" | "items" | "item" | "itemOrEnd" | "afterItem" | "afterValue" | "end";

const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const colon = 0x3a;
const quote = 0x22;

/** From here on an item is scanned instead of waiting for the beginning of the next one. */
const longItem = 1024 * 1024;
/** More than this is not copied for every piece that arrives, but when it has doubled. */
const copiedFreely = 256 * 1024;

/**
 * Cuts the items out of the body of a LIST as it arrives, so that it may be larger than any string, and no item waits
 * for the last one. `metadata` may stand before or behind the items; other members are skipped.
 *
 * Looking at every byte costs as much as half of parsing it. So where items follow each other without white space and
 * begin with the same key, as in what API servers send, the next item is looked for by `},{"key":`. Such bytes may
 * also stand inside an item (never inside a string, where the quotes would be escaped), but then what stands before
 * them is not JSON by itself, and that item is scanned.
 */
export class ListSplitter implements ListDecoder {
  readonly #maxItemBytes: number;
  readonly #scanner = new JsonScanner();
  #expects: Expects = "open";
  #key = "";
  /** What is not used up. Everything in it before `#scanned` was seen by the scanner. */
  #rest: Buffer = Buffer.alloc(0);
  #scanned = 0;
  #waiting: Buffer[] = [];
  #waitingLength = 0;
  /** What separates two items. */
  #separator: Buffer | undefined;
  #hits = 0;
  #misses = 0;

  constructor(maxItemBytes = maxValueBytes) {
    this.#maxItemBytes = maxItemBytes;
  }

  /** @throws DecodeError */
  push(piece: Buffer): ListPiece {
    if (this.#rest.length === 0) return this.#cut(piece, false);
    this.#waiting.push(piece);
    this.#waitingLength += piece.length;
    assertHoldable(this.#rest.length + this.#waitingLength - piece.length, this.#maxItemBytes);
    if (this.#rest.length > copiedFreely && this.#waitingLength < this.#rest.length) return { items: [] };
    return this.#cut(this.#takeRest(), false);
  }

  /**
   * The body has ended.
   *
   * @throws DecodeError unless it was one whole list
   */
  end(): ListPiece {
    const last = this.#cut(this.#takeRest(), true);
    if (this.#expects !== "end") throw new DecodeError("the body of the list ends in the middle");
    return last;
  }

  #takeRest(): Buffer {
    const whole = this.#waitingLength === 0 ? this.#rest : Buffer.concat([this.#rest, ...this.#waiting]);
    this.#waiting = [];
    this.#waitingLength = 0;
    this.#rest = Buffer.alloc(0);
    return whole;
  }

  #cut(bytes: Buffer, isEnd: boolean): ListPiece {
    const items: unknown[] = [];
    let metadata: unknown;
    const { length } = bytes;
    let at = 0;
    let scanned = this.#scanned;
    this.#scanned = 0;
    for (;;) {
      if (scanned === 0) while (at < length && isWhitespace(bytes[at] ?? 0)) at++;
      if (at === length) break;
      const byte = bytes[at] ?? 0;
      if (scanned === 0 && this.#punctuation(byte)) {
        at++;
        continue;
      }
      // A value begins here: a key, the value of a member, or an item.
      const isItem = this.#expects === "item" || this.#expects === "itemOrEnd";
      if (isItem && scanned === 0 && this.#separator !== undefined && !isEnd) {
        const end = this.#addItemBefore(bytes, at, items);
        if (end > 0) {
          at = end;
          continue;
        }
        if (end === 0) break;
      }
      const end = this.#scanner.scan(bytes, Math.max(at, scanned));
      if (end === -1) {
        scanned = length;
        break;
      }
      scanned = 0;
      if (isItem) {
        items.push(decodeJson(bytes, at, end));
        this.#learnSeparator(bytes, at, end);
        this.#expects = "afterItem";
      } else {
        const found = this.#member(bytes, at, end);
        if (found !== undefined) metadata = found;
      }
      at = end;
    }
    this.#rest = bytes.subarray(at);
    this.#scanned = Math.max(0, scanned - at);
    return metadata === undefined ? { items } : { items, metadata };
  }

  /** @returns whether the byte was one between values, and has been taken */
  #punctuation(byte: number): boolean {
    switch (this.#expects) {
      case "open":
        return this.#take(byte, openBrace, "keyOrEnd");
      case "keyOrEnd":
        if (byte === closeBrace) return this.#take(byte, closeBrace, "end");
        return this.#isKeyAt(byte);
      case "key":
        return this.#isKeyAt(byte);
      case "colon":
        return this.#take(byte, colon, this.#key === "items" ? "items" : "value");
      case "items":
        if (byte === openBracket) return this.#take(byte, openBracket, "itemOrEnd");
        return false;
      case "itemOrEnd":
        if (byte === closeBracket) return this.#take(byte, closeBracket, "afterValue");
        return false;
      case "afterItem":
        if (byte === closeBracket) return this.#take(byte, closeBracket, "afterValue");
        return this.#take(byte, comma, "item");
      case "afterValue":
        if (byte === closeBrace) return this.#take(byte, closeBrace, "end");
        return this.#take(byte, comma, "key");
      case "end":
        throw new DecodeError("something follows the list in its body");
      case "item":
      case "value":
        return false;
    }
    return false;
  }

  #take(byte: number, expected: number, next: Expects): boolean {
    if (byte !== expected) throw new DecodeError("the body is no list in JSON");
    this.#expects = next;
    return true;
  }

  #isKeyAt(byte: number): false {
    if (byte !== quote) throw new DecodeError("the body is no list in JSON");
    return false;
  }

  /** @returns the metadata, if this was it */
  #member(bytes: Buffer, start: number, end: number): unknown {
    const value = decodeJson(bytes, start, end);
    if (this.#expects === "key" || this.#expects === "keyOrEnd") {
      this.#key = String(value);
      this.#expects = "colon";
      return undefined;
    }
    if (this.#expects === "items" && value !== null) throw new DecodeError("the items of the list are no array");
    this.#expects = "afterValue";
    return this.#key === "metadata" ? value : undefined;
  }

  /** @returns where the next item begins, 0 if that is not in sight, -1 if this item needs to be scanned */
  #addItemBefore(bytes: Buffer, at: number, items: unknown[]): number {
    const separator = this.#separator;
    if (separator === undefined) return -1;
    const found = bytes.indexOf(separator, at);
    if (found === -1) {
      if (bytes.length - at < longItem) return 0;
      this.#miss();
      return -1;
    }
    try {
      items.push(decodeJson(bytes, at, found + 1));
    } catch {
      this.#miss();
      return -1;
    }
    this.#hits++;
    this.#expects = "item";
    return found + 2;
  }

  #miss(): void {
    this.#misses++;
    if (this.#misses > 8 && this.#misses * 4 > this.#hits) this.#separator = undefined;
  }

  /** From the first item: `},` and its beginning up to the first key. */
  #learnSeparator(bytes: Buffer, start: number, end: number): void {
    if (this.#hits + this.#misses > 0 || this.#separator !== undefined || bytes[start] !== openBrace) return;
    if (bytes[start + 1] !== quote) return;
    const keyEnd = bytes.indexOf(colon, start);
    if (keyEnd === -1 || keyEnd > end || keyEnd - start > 64) return;
    this.#separator = Buffer.concat([Buffer.from("},"), bytes.subarray(start, keyEnd + 1)]);
  }
}
