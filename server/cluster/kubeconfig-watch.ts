import { statSync, type BigIntStats } from "node:fs";
import type { Clock, Timer } from "#lib/clock/index.ts";
import {
  inClusterKubeconfig,
  KubeconfigError,
  loadKubeconfig,
  mergeKubeconfigs,
  missingKubeconfig,
  type Kubeconfig,
} from "./kubeconfig/index.ts";

/** How often the files are looked at. A change is taken when two looks in a row found the same. */
export const lookMs = 500;

export interface KubeconfigWatchOptions {
  /** In the order in which they are merged. They need not exist. */
  readonly paths: readonly string[];
  /** Where none of them exists, it may say that this is a pod, which has an account of its own. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
}

interface WatchedFile {
  readonly path: string;
  /** What it looked like when it was read. */
  taken: string;
  /** What it looked like at the last look. */
  seen: string;
  /** What it said when it was last a kubeconfig; nothing while there is no such file. */
  content: Kubeconfig | undefined;
  problem: KubeconfigError | undefined;
}

/**
 * The kubeconfig as its files say now. One that is being written, or was spoiled, keeps what it said before, and
 * harms none of the others.
 *
 * Files are looked at, not subscribed to: whoever replaces one by renaming, a link that is turned, a folder that
 * comes later and a home on another machine all look alike from here, and two or three files cost nothing.
 */
export class KubeconfigWatch {
  readonly #options: KubeconfigWatchOptions;
  readonly #files: readonly WatchedFile[];
  #merged: Kubeconfig | undefined;
  #timer: Timer | undefined;

  constructor(options: KubeconfigWatchOptions) {
    this.#options = options;
    this.#files = options.paths.map((path) => ({ path, taken: "", seen: "", content: undefined, problem: undefined }));
    for (const file of this.#files) take(file, looksOf(file.path));
    this.#merged = this.#merge();
  }

  /** Nothing if there is none, or none that was ever usable. */
  get kubeconfig(): Kubeconfig | undefined {
    return this.#merged;
  }

  /** Why there is none; or what is wrong with a file whose last good content counts meanwhile. */
  get problem(): KubeconfigError | undefined {
    const spoiled = this.#files.find(({ problem }) => problem !== undefined);
    if (spoiled?.problem !== undefined) return explained(spoiled.problem, spoiled.content !== undefined);
    return this.#merged === undefined ? missingKubeconfig(this.#options.paths) : undefined;
  }

  /**
   * Looks from now on, and says when something changed.
   *
   * @returns what ends it; ending it twice is harmless.
   */
  watch(onChange: () => void): () => void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.setTimer(lookMs, () => {
      this.watch(onChange);
      if (this.#look()) onChange();
    });
    return () => this.#timer?.cancel();
  }

  #look(): boolean {
    let hasChanged = false;
    for (const file of this.#files) {
      const looks = looksOf(file.path);
      const isSettled = looks === file.seen;
      file.seen = looks;
      if (looks === file.taken || !isSettled) continue;
      take(file, looks);
      hasChanged = true;
    }
    if (hasChanged) this.#merged = this.#merge();
    return hasChanged;
  }

  #merge(): Kubeconfig | undefined {
    const parts = this.#files.flatMap(({ content }) => (content === undefined ? [] : [content]));
    if (parts.length > 0) return mergeKubeconfigs(parts);
    const isAny = this.#files.some(({ problem }) => problem !== undefined);
    return isAny ? undefined : inClusterKubeconfig(this.#options.environment);
  }
}

/** Differs whenever the file behind the path may be another, or say something else. */
function looksOf(path: string): string {
  const found = statIfReachable(path);
  return found === undefined ? "absent" : `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}:${found.ctimeNs}`;
}

function statIfReachable(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined; // Of a folder that may not be entered. Reading says so.
  }
}

function take(file: WatchedFile, looks: string): void {
  file.taken = looks;
  file.seen = looks;
  try {
    file.content = loadKubeconfig([file.path]);
    file.problem = undefined;
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error;
    file.problem = error;
  }
}

function explained(error: KubeconfigError, isOldUsed: boolean): KubeconfigError {
  if (!isOldUsed) return error;
  return new KubeconfigError(error.code, `${error.message} What it said before still counts.`, error.hint);
}
