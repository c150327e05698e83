/** Whether the page moves with the cluster, and if not, since when and how many updates it is behind. */
export type PauseState =
  { readonly isPaused: false } | { readonly isPaused: true; readonly since: number; readonly behind: number };

export interface PictureOptions<V> {
  /** Puts a value on the screen. */
  readonly show: (key: string, value: V) => void;
  readonly now: () => number;
}

const moving: PauseState = { isPaused: false };

/**
 * What is on the screen. Paused it stays as it is, but for what was not on it yet; the newest value of each key waits
 * and is shown on resume. Nothing is replayed, nothing is lost.
 */
export class Picture<V> {
  readonly #options: PictureOptions<V>;
  readonly #held = new Map<string, V>();
  readonly #shown = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #state: PauseState = moving;

  constructor(options: PictureOptions<V>) {
    this.#options = options;
  }

  get state(): PauseState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** @param updates how many updates went into the value since the last call. */
  put(key: string, value: V, updates: number): void {
    if (!this.#state.isPaused || !this.#shown.has(key)) {
      this.#shown.add(key);
      this.#options.show(key, value);
      return;
    }
    this.#held.set(key, value);
    this.#become({ ...this.#state, behind: this.#state.behind + updates });
  }

  /** Nobody looks at it any more: it waits for nothing, and will be shown at once when somebody does again. */
  drop(key: string): void {
    this.#shown.delete(key);
    this.#held.delete(key);
  }

  pause(): void {
    if (!this.#state.isPaused) this.#become({ isPaused: true, since: this.#options.now(), behind: 0 });
  }

  resume(): void {
    if (!this.#state.isPaused) return;
    for (const [key, value] of this.#held) this.#options.show(key, value);
    this.#held.clear();
    this.#become(moving);
  }

  #become(state: PauseState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
