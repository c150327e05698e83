import { DecodeError } from "../api-errors.ts";

/** Cuts JSON objects from a text that comes in pieces. Line breaks have no meaning. */
export class JsonValues {
  #text = "";
  #scanned = 0;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;

  push(piece: string): void {
    this.#text += piece;
  }

  /** The next complete object; `undefined` while there is none. @throws DecodeError */
  next(): unknown {
    if (this.#depth === 0) this.#text = this.#text.slice(this.#scanned).trimStart();
    if (this.#depth === 0) this.#scanned = 0;
    if (this.#text !== "" && !this.#text.startsWith("{")) throw new DecodeError(`no JSON: ${this.#text.trimEnd()}`);
    while (this.#scanned < this.#text.length) {
      if (this.#closes(this.#text.charAt(this.#scanned++))) return this.#parse(this.#text.slice(0, this.#scanned));
    }
    return undefined;
  }

  #closes(char: string): boolean {
    if (this.#isInString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (char === "\\") this.#isEscaped = true;
      else if (char === '"') this.#isInString = false;
      return false;
    }
    if (char === '"') this.#isInString = true;
    else if (char === "{" || char === "[") this.#depth++;
    else if (char === "}" || char === "]") return --this.#depth === 0;
    return false;
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new DecodeError(`no JSON: ${text}`, { cause });
    }
  }
}
