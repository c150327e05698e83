import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const approved = z.array(z.string().regex(/^[0-9a-f]{64}$/));

/** Which sign-in commands somebody has seen and allowed, by the hash of command, arguments and environment. */
export class ExecApprovals {
  readonly #file: string;
  readonly #hashes: Set<string>;
  readonly #onUnwritable: (error: unknown) => void;

  /** @param onUnwritable told when an approval cannot be kept: it then holds until this process ends. */
  constructor(stateDir: string, onUnwritable: (error: unknown) => void) {
    this.#file = join(stateDir, "approved-exec.json");
    this.#hashes = new Set(read(this.#file));
    this.#onUnwritable = onUnwritable;
  }

  has(hash: string): boolean {
    return this.#hashes.has(hash);
  }

  hashes(): readonly string[] {
    return [...this.#hashes];
  }

  approve(hash: string): void {
    this.#hashes.add(hash);
    try {
      writeFileSync(this.#file, JSON.stringify(this.hashes()), { mode: 0o600 });
    } catch (error) {
      this.#onUnwritable(error);
    }
  }
}

/** A file that is missing or not ours approves nothing: asking again is the safe answer. */
function read(file: string): readonly string[] {
  try {
    return approved.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return [];
  }
}
