import type { Clock } from "#lib/clock/index.ts";
import type { Fault, FaultRequest, Faults } from "#lib/protocol/index.ts";
import { ActiveFault } from "./active-fault.ts";
import { strikeEveryMs, strikesAgain, type Door, type OpenWatch, type Strike, type StruckRequest } from "./strike.ts";

export interface FaultBoardOptions {
  readonly clock: Clock;
  readonly watches: Iterable<OpenWatch>;
  readonly door: Door;
  /** Forgets what was written so far: of one resource, or of all. */
  readonly forget: (resource: string | undefined) => void;
  /** Whether there is such a resource now. */
  readonly isServed: (resource: string) => boolean;
}

/** What was asked for cannot be done. */
export class FaultRefusedError extends Error {
  override readonly name = "FaultRefusedError";
}

const endedKept = 20;
const none = { on: {}, ended: {} } as const satisfies Omit<Faults, "asOf">;

/**
 * The faults of one embedded cluster: which are on, whom each one strikes, and when it ends. It decides; what a strike
 * looks like on the wire is the business of whoever answers.
 */
export class FaultBoard {
  readonly #options: FaultBoardOptions;
  readonly #on = new Map<string, ActiveFault>();
  readonly #ended: Fault[] = [];
  readonly #listeners = new Map<object, () => void>();
  #nextId = 1;
  #state: Omit<Faults, "asOf"> | undefined = none;

  constructor(options: FaultBoardOptions) {
    this.#options = options;
  }

  get state(): Omit<Faults, "asOf"> {
    return (this.#state ??= {
      on: Object.fromEntries(Array.from(this.#on, ([id, { fault }]) => [id, fault])),
      ended: Object.fromEntries(this.#ended.map((fault) => [fault.id, fault])),
    });
  }

  /** Told of every change. Undo twice is harmless. */
  subscribe(listener: () => void): () => void {
    const registration = {};
    this.#listeners.set(registration, listener);
    return () => this.#listeners.delete(registration);
  }

  /**
   * On from now, and what is open in its scope is hit at once.
   *
   * @throws FaultRefusedError
   */
  add(request: FaultRequest): Fault {
    const { clock, isServed } = this.#options;
    const { kind, resource, verbs, durationMs, count } = request;
    if (kind === "refuse" && (resource !== undefined || count !== undefined)) {
      throw new FaultRefusedError("refuse is about every connection until it ends: leave resource and count out");
    }
    if ((kind === "refuse" || kind === "compact") && verbs !== undefined) {
      throw new FaultRefusedError(`${kind} strikes whoever is connected: leave verbs out`);
    }
    if (resource !== undefined && !isServed(resource)) {
      throw new FaultRefusedError(`there is no resource ${resource}: name it like v1/pods or apps/v1/deployments`);
    }
    const active = new ActiveFault(`fault-${this.#nextId++}`, request, clock.now());
    const { id } = active.fault;
    this.#on.set(id, active);
    if (durationMs !== undefined) active.timers.push(clock.setTimer(durationMs, () => this.remove(id)));
    this.#strikeOpen(active);
    this.#changed();
    return active.fault;
  }

  /** Whether it was on. */
  remove(id: string): boolean {
    const active = this.#on.get(id);
    if (active === undefined) return false;
    this.#on.delete(id);
    this.#ended.push(active.end(this.#options.clock.now()));
    if (this.#ended.length > endedKept) this.#ended.shift();
    if (active.request.kind === "refuse" && !this.#isOn("refuse")) this.#options.door.open();
    this.#changed();
    return true;
  }

  clear(): void {
    for (const id of this.#on.keys()) this.remove(id);
  }

  /** How long the answer to a request has to wait, and what becomes of it then. The oldest fault that is about it strikes. */
  onRequest({ resource, verb, namesVersion }: StruckRequest): { readonly delayMs: number; readonly strike?: Strike } {
    let delayMs = 0;
    let struck: ActiveFault | undefined;
    for (const active of this.#on.values()) {
      if (!active.isAbout(resource, verb)) continue;
      if (active.fault.delayMs !== undefined) {
        delayMs += active.fault.delayMs;
        this.#hit(active, verb);
      } else if (struck === undefined && active.strike !== undefined) {
        // Whoever asks for the newest state cannot be too late.
        if (active.fault.kind !== "gone" || namesVersion) struck = active;
      }
    }
    if (struck?.strike === undefined) return { delayMs };
    const { strike } = struck;
    this.#hit(struck, verb);
    return { delayMs, strike };
  }

  /** How long the events of an open watch have to wait now. */
  onEvents(resource: string): number {
    let delayMs = 0;
    for (const active of this.#on.values()) {
      if (active.fault.delayMs === undefined || !active.isAbout(resource, "watch")) continue;
      delayMs += active.fault.delayMs;
      this.#hit(active, "watch");
    }
    return delayMs;
  }

  /** Nothing strikes any more, and nobody is told. */
  stop(): void {
    this.#listeners.clear();
    for (const active of this.#on.values()) active.end(this.#options.clock.now());
    this.#on.clear();
    this.#state = undefined;
  }

  #strikeOpen(active: ActiveFault): void {
    const { kind } = active.fault;
    if (kind === "compact") this.#compact(active);
    else if (kind === "refuse") this.#shutDoor(active);
    else if (kind !== "slow") this.#strikeWatches(active);
    if (active.isSpent || !strikesAgain.has(kind)) return;
    active.timers.push(this.#options.clock.setTimer(strikeEveryMs, () => this.#strikeOpen(active)));
  }

  #shutDoor(active: ActiveFault): void {
    for (let broken = this.#options.door.shut(); broken > 0; broken--) active.hit("watch", this.#options.clock.now());
  }

  /** History is forgotten once, whoever watches: that is one strike. */
  #compact(active: ActiveFault): void {
    const { watches, forget, clock } = this.#options;
    forget(active.fault.resource);
    for (const watch of watches) {
      if (!active.isAbout(watch.resource, "watch")) continue;
      active.hit("watch", clock.now());
      watch.cut();
    }
    this.#spend(active);
  }

  #strikeWatches(active: ActiveFault): void {
    const { strike } = active;
    for (const watch of this.#options.watches) {
      if (active.isSpent || strike === undefined) return;
      if (!active.isAbout(watch.resource, "watch")) continue;
      this.#hit(active, "watch");
      watch.strike(strike);
    }
  }

  #hit(active: ActiveFault, verb: StruckRequest["verb"]): void {
    active.hit(verb, this.#options.clock.now());
    this.#spend(active);
  }

  #spend(active: ActiveFault): void {
    active.spend();
    if (active.isSpent) this.remove(active.fault.id);
    else this.#changed();
  }

  #isOn(kind: Fault["kind"]): boolean {
    return [...this.#on.values()].some((active) => active.fault.kind === kind);
  }

  #changed(): void {
    this.#state = undefined;
    for (const listener of this.#listeners.values()) listener();
  }
}
