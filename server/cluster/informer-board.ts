import type { Clock, Instant } from "#lib/clock/index.ts";
import {
  Identities,
  keyOfTarget,
  SharedInformerFactory,
  type EventHandler,
  type InformerTarget,
  type Owner,
  type Registration,
  type Report,
  type SharedIndexInformer,
} from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import type {
  AddHandlerResponse,
  HandlerFilter,
  HandlerKind,
  Problem,
  RelistResponse,
  RemoveHandlerResponse,
  ReplayResponse,
} from "#lib/protocol/index.ts";
import { RefusedError, type HandlerToAdd } from "#server/hub/clusters.ts";
import { AccessWatch } from "./access/index.ts";
import { FirstPages, type FirstPage } from "./first-page.ts";
import { placeOf, type HandlerPlace } from "./handler-place.ts";
import { createBrowserHandler, type BrowserHandler } from "./handlers/browser-handler.ts";
import type { CelFilter } from "./handlers/cel/index.ts";
import { readFilter, type FilterTools, type HandlerPredicate } from "./handlers/filter.ts";
import { InformerFlow } from "./informer-flow.ts";
import { setupOf, sourceOf } from "./informer-setup.ts";
import { targetOf } from "./informer-target.ts";
import { Owners } from "./owners.ts";
import type { KubeTransport } from "./transport/index.ts";
import { Verifications } from "./verifications.ts";

/** Handlers that people added, at once, per cluster. */
const mostBrowserHandlers = 200;
/** An informer that is created with none never resyncs, whatever a later handler asks for. */
const resyncCheckPeriodMs = 30_000;

/** A registration of this server with what the informer does not know of it. */
export interface BoardEntry {
  readonly registration: Registration;
  readonly kind: HandlerKind;
  readonly filter: HandlerFilter;
  /** Set where the filter has an expression. */
  readonly cel?: CelFilter;
  /** What added it in the browser; absent for what is built in, which nobody can remove. */
  readonly added:
    { readonly informer: string; readonly request: HandlerToAdd; readonly handler: BrowserHandler } | undefined;
}

export interface BuiltInHandler {
  readonly owner: string;
  readonly name: string;
  readonly handler: EventHandler<KubeObject>;
}

export interface RunningInformer {
  readonly key: string;
  readonly target: InformerTarget;
  readonly informer: SharedIndexInformer<KubeObject>;
  readonly flow: InformerFlow;
  /** Set while it has no registration: it stops then. */
  readonly lingersUntil: Instant | undefined;
}

/** @param resource what was to be listed or watched: `apps/v1/deployments` */
type ProblemOf = (error: unknown, resource?: string) => Problem;

export interface InformerBoardOptions {
  readonly clock: Clock;
  readonly transport: Pick<KubeTransport, "listerWatcher" | "review">;
  readonly report: Report;
  readonly problemOf: ProblemOf;
  /** Of the kubeconfig, for commands; absent where kubectl needs none. */
  readonly context?: string;
  /** Milliseconds, with fractions: what filters are timed by. */
  readonly stopwatch: () => number;
}

/** The informers of one cluster and everybody who is registered on them: built-in handlers, and those people add. */
export class InformerBoard {
  readonly problemOf: ProblemOf;
  readonly context: string | undefined;
  readonly filterTools: FilterTools;
  readonly resyncCheckPeriodMs = resyncCheckPeriodMs;
  /** What we may read, while something is forbidden. */
  readonly access: AccessWatch;
  readonly verifications: Verifications;
  readonly #clock: Clock;
  readonly #transport: InformerBoardOptions["transport"];
  readonly #factory: SharedInformerFactory;
  readonly #identities = new Identities();
  readonly #owners: Owners;
  readonly #firstPages: FirstPages;
  readonly #entries = new Map<number, BoardEntry>();
  readonly #flows = new WeakMap<SharedIndexInformer<KubeObject>, InformerFlow>();

  constructor({ clock, transport, report, problemOf, context, stopwatch }: InformerBoardOptions) {
    this.problemOf = problemOf;
    this.context = context;
    this.filterTools = { clock, stopwatch };
    this.access = new AccessWatch({ clock, transport, informers: () => this.#factory.informers() });
    this.verifications = new Verifications(clock, problemOf);
    this.#clock = clock;
    this.#transport = transport;
    this.#owners = new Owners(clock);
    this.#firstPages = new FirstPages(clock);
    this.#factory = new SharedInformerFactory({
      clock,
      random: Math.random,
      resyncCheckPeriodMs,
      identities: this.#identities,
      setup: (target) => setupOf(target, { clock, transport, report, onForbidden: () => this.access.wasRefused() }),
    });
  }

  /** In order of their start. */
  informers(): readonly RunningInformer[] {
    return this.#factory.informers().map((running) => ({ ...running, flow: this.#flowOf(running.informer) }));
  }

  informer(key: string): RunningInformer | undefined {
    return this.informers().find((running) => running.key === key);
  }

  /** Who has registrations, each with a number that is never reused. */
  owners(): readonly (readonly [number, Owner])[] {
    return this.#owners.present();
  }

  /** Handlers that people added, and how many there may be. */
  get added(): { readonly handlers: number; readonly limit: number } {
    const handlers = [...this.#entries.values()].filter(({ added }) => added !== undefined).length;
    return { handlers, limit: mostBrowserHandlers };
  }

  entry(registration: number): BoardEntry | undefined {
    return this.#entries.get(registration);
  }

  addBuiltIn(target: InformerTarget, { owner, name, handler }: BuiltInHandler): Registration {
    const registration = this.#factory.addEventHandler(target, handler, { name, owner: this.#owners.of(owner) });
    this.#entries.set(registration.id, { registration, kind: "builtIn", filter: {}, added: undefined });
    this.#countFlow(target);
    return registration;
  }

  /** What was built in is not needed any more. Removing twice is harmless. */
  removeBuiltIn(registration: Registration): void {
    this.#entries.delete(registration.id);
    this.#factory.removeEventHandler(registration);
  }

  /**
   * Registers one new handler value as often as is asked for; starts the informer if there is none yet.
   *
   * @throws RefusedError
   */
  addHandler(key: string, request: HandlerToAdd): AddHandlerResponse {
    const { handlers, limit } = this.added;
    if (handlers + request.times > limit) {
      const message = `at most ${limit} handlers at once, and there are ${handlers}: remove some`;
      throw new RefusedError(429, "too-many-handlers", message);
    }
    if (request.kind === "chain" && request.times > 1) {
      throw new RefusedError(422, "one-registration", "a chain handler checks one registration: add it once at a time");
    }
    const target = targetOf(key);
    // One predicate for each registration: its expression counts and is stopped by itself.
    const predicates = Array.from({ length: request.times }, () => this.#predicate(request.filter));
    const handler = createBrowserHandler(request.kind, this.#clock, request.delayMs);
    const informer = keyOfTarget(target);
    const registrations = predicates.map(({ cel, ...filters }) => {
      const registration = this.#factory.addEventHandler(target, handler.value, {
        name: handler.name,
        owner: this.#owners.of(request.owner),
        resyncPeriodMs: request.resyncMs ?? 0,
        ...filters,
      });
      this.#entries.set(registration.id, {
        registration,
        kind: request.kind,
        filter: request.filter,
        ...(cel === undefined ? {} : { cel }),
        added: { informer, request, handler },
      });
      return registration;
    });
    this.#countFlow(target);
    return {
      ok: true,
      informer,
      registrations: registrations.map(({ id }) => id),
      syntheticAdds: this.#factory.informer(target)?.store.size ?? 0,
    };
  }

  /** Removes exactly this registration. @throws RefusedError for what is not there any more, or built in */
  removeHandler(id: number): RemoveHandlerResponse {
    const entry = this.#entries.get(id);
    if (entry === undefined) {
      throw new RefusedError(404, "no-such-handle", `there is no handle ${id}: it was removed, or was never given out`);
    }
    if (entry.added === undefined) {
      throw new RefusedError(403, "built-in", `registration ${id} feeds the scheduling queue and cannot be removed`);
    }
    this.#entries.delete(id);
    this.#factory.removeEventHandler(entry.registration);
    const { informer, request } = entry.added;
    return { ok: true, undo: { informer, request: { ...request, times: 1 } } };
  }

  /** The object of one of the newest lines of a tail. @throws RefusedError for a line that keeps none */
  objectOfLine(id: number, line: number): KubeObject {
    const object = this.#entries.get(id)?.added?.handler.tail?.objectOf(line);
    if (object !== undefined) return object;
    const message = `handle ${id} keeps no object for line ${line}: only tails do, for their newest 200 lines`;
    throw new RefusedError(404, "no-such-line", message);
  }

  /** What an owner leaves is leaked from then on: how many. @throws RefusedError for a name that nobody goes by */
  releaseOwner(name: string): number {
    return this.#owners.release(name);
  }

  /** @throws RefusedError for an informer that does not run */
  relist(key: string): RelistResponse {
    return { ok: true, isAsked: this.running(key).informer.relist() };
  }

  /** To one registration, or to all. @throws RefusedError for an informer or a registration that is not there */
  replay(key: string, id?: number): ReplayResponse {
    const { informer } = this.running(key);
    const { registrations, store } = informer;
    if (id === undefined) {
      informer.replay();
      return { ok: true, registrations: registrations.length, objects: store.size };
    }
    const registration = registrations.find((one) => one.id === id);
    if (registration === undefined) throw new RefusedError(404, "no-such-handle", `${key} has no handle ${id}`);
    informer.replay(registration);
    return { ok: true, registrations: 1, objects: store.size };
  }

  /** @throws RefusedError for one that does not run */
  running(key: string): RunningInformer {
    const running = this.informer(key);
    if (running === undefined) throw new RefusedError(404, "no-such-informer", `no informer ${key} is running`);
    return running;
  }

  /** Handle of the next registration, if nobody else comes first. */
  get upcomingHandle(): number {
    return this.#identities.upcomingRegistrationId;
  }

  /** Where a handler goes that asks for this key. @throws RefusedError for what is no resource */
  placeOf(key: string, filter: HandlerFilter): Promise<HandlerPlace> {
    const informer = (target: InformerTarget) => this.#factory.informer(target);
    return placeOf(key, filter, { clock: this.#clock, transport: this.#transport, informer });
  }

  /** About a collection that no informer has listed yet. */
  firstPage(target: InformerTarget): Promise<FirstPage> {
    return this.#firstPages.of(keyOfTarget(target), sourceOf(target, this.#transport));
  }

  stop(): Promise<void> {
    this.access.stop();
    return this.#factory.stop();
  }

  #predicate(filter: HandlerFilter): HandlerPredicate {
    const read = readFilter(filter, this.filterTools);
    if (!("problems" in read)) return read;
    const [problem] = read.problems;
    throw new RefusedError(422, problem?.code ?? "filter-malformed", problem?.message ?? "the filter cannot be read");
  }

  /** From the start on: a rate that began when somebody looks would take all that came before for one second's. */
  #countFlow(target: InformerTarget): void {
    const informer = this.#factory.informer(target);
    if (informer !== undefined) this.#flowOf(informer);
  }

  #flowOf(informer: SharedIndexInformer<KubeObject>): InformerFlow {
    let flow = this.#flows.get(informer);
    if (flow === undefined) {
      flow = new InformerFlow(informer, this.#clock);
      this.#flows.set(informer, flow);
    }
    return flow;
  }
}
