import { readFile } from "node:fs/promises";
import type { Clock, Instant } from "#lib/clock/index.ts";
import { CredentialFileError } from "./credential-errors.ts";

/** A replaced file is noticed after this time at the latest. */
const freshMs = 5000;
/** Refusals by the server do not read it more often than this. */
const shortestMs = 1000;

/**
 * A small file that somebody replaces while we run: a token, a certificate. It is read again when it is asked for and
 * the last reading is a few seconds old. A file that cannot be read any more keeps its last content: it may be in the
 * middle of being replaced, and if it is not, the server will say so.
 */
export class RotatingFile {
  readonly path: string;
  readonly #clock: Clock;
  #content: string | undefined;
  #readAt: Instant = Number.NEGATIVE_INFINITY;
  #isExpired = false;
  #reading: Promise<string> | undefined;

  constructor(path: string, clock: Clock) {
    this.path = path;
    this.#clock = clock;
  }

  /** @throws CredentialFileError if it could never be read */
  async read(): Promise<string> {
    if (this.#content !== undefined && this.#clock.now() - this.#readAt < this.#freshMs) return this.#content;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** What was read is refused: the next reading is due at once, but for a floor. */
  expire(): void {
    this.#isExpired = true;
  }

  get #freshMs(): number {
    return this.#isExpired ? shortestMs : freshMs;
  }

  async #read(): Promise<string> {
    try {
      this.#content = await readFile(this.path, "utf8");
    } catch (error) {
      if (this.#content === undefined) throw new CredentialFileError(this.path, error);
    }
    this.#readAt = this.#clock.now();
    this.#isExpired = false;
    return this.#content;
  }
}
