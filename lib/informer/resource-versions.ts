/**
 * What a reflector knows about resource versions. They are opaque: never compared, never parsed.
 * Upstream: `Reflector.relistResourceVersion`, `rewatchResourceVersion`.
 */
export class ResourceVersions {
  #last = "";
  #isUnavailable = false;
  #isPaginating = false;

  /** Empty before the first list. */
  get last(): string {
    return this.#last;
  }

  /** The server said that it no longer has, or not yet has, the last version: ask for the newest instead. */
  markUnavailable(): void {
    this.#isUnavailable = true;
  }

  markAvailable(): void {
    this.#isUnavailable = false;
  }

  follow(resourceVersion: string): void {
    this.#last = resourceVersion;
  }

  forList(): string {
    if (this.#isUnavailable) return "";
    return this.#last === "" ? "0" : this.#last;
  }

  forStreamingList(): string {
    return this.#isUnavailable ? "" : this.#last;
  }

  /** A server that pages a list at version "0" has no watch cache: from then on every list asks for pages. */
  markPaginating(): void {
    this.#isPaginating = true;
  }

  /** 0 is no limit: a list at a given version comes from the watch cache only without one. */
  pageSizeFor(resourceVersion: string): number {
    return this.#isPaginating || resourceVersion === "" || resourceVersion === "0" ? defaultPageSize : 0;
  }
}

/** Upstream: `pager.defaultPageSize`. */
export const defaultPageSize = 500;
