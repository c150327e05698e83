/**
 * When a registration has synced: the informer has, and the handler returned from every add of its initial list. A
 * failed add never finishes. Upstream: `synctrack.SingleFileTracker`.
 */
export class SyncTracker {
  readonly synced: Promise<void>;
  readonly #resolve: () => void;
  #started = 0;
  #finished = 0;
  #failed = 0;
  #hasUpstreamSynced = false;
  #hasSynced = false;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.synced = promise;
    this.#resolve = resolve;
  }

  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  get hasUpstreamSynced(): boolean {
    return this.#hasUpstreamSynced;
  }

  get progress(): { readonly delivered: number; readonly total: number; readonly failed: number } {
    return { delivered: this.#finished, total: this.#started, failed: this.#failed };
  }

  start(adds: number): void {
    this.#started += adds;
  }

  finish(): void {
    this.#finished++;
    this.#check();
  }

  fail(): void {
    this.#failed++;
  }

  /** To be called only when the initial list has been queued, or it would be synced too early. */
  upstreamHasSynced(): void {
    this.#hasUpstreamSynced = true;
    this.#check();
  }

  #check(): void {
    if (this.#hasSynced || !this.#hasUpstreamSynced || this.#finished < this.#started) return;
    this.#hasSynced = true;
    this.#resolve();
  }
}
