import type { Clock, Instant } from "#lib/clock/index.ts";
import {
  keyOfTarget,
  retrying,
  SharedInformerFactory,
  type EventHandler,
  type Indexers,
  type InformerTarget,
  type Owner,
  type Registration,
  type Report,
  type SharedIndexInformer,
} from "#lib/informer/index.ts";
import type { KubeObject, Pod } from "#lib/kube/index.ts";
import type { AddHandlerResponse, HandlerFilter, HandlerKind, RemoveHandlerResponse } from "#lib/protocol/index.ts";
import { RefusedError, type HandlerToAdd } from "#server/hub/clusters.ts";
import { createBrowserHandler, type BrowserHandler } from "./handlers/browser-handler.ts";
import { predicateOf } from "./handlers/filter.ts";
import { InformerFlow } from "./informer-flow.ts";
import { Owners } from "./owners.ts";
import { isSecret, transformFor } from "./redaction/index.ts";
import { parseResourceKey } from "./resource-key.ts";
import type { KubeTransport, ResourceName } from "./transport/index.ts";

/** Handlers that people added, at once, per cluster. */
const mostBrowserHandlers = 200;

/** A registration of this server with what the informer does not know of it. */
export interface BoardEntry {
  readonly registration: Registration;
  readonly kind: HandlerKind;
  readonly filter: HandlerFilter;
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

export interface InformerBoardOptions {
  readonly clock: Clock;
  readonly transport: Pick<KubeTransport, "listerWatcher">;
  readonly report: Report;
}

/** The informers of one cluster and everybody who is registered on them: built-in handlers, and those people add. */
export class InformerBoard {
  readonly #clock: Clock;
  readonly #factory: SharedInformerFactory;
  readonly #owners: Owners;
  readonly #entries = new Map<number, BoardEntry>();
  readonly #flows = new WeakMap<SharedIndexInformer<KubeObject>, InformerFlow>();

  constructor({ clock, transport, report }: InformerBoardOptions) {
    this.#clock = clock;
    this.#owners = new Owners(clock);
    this.#factory = new SharedInformerFactory({
      clock,
      random: Math.random,
      setup: (target) => {
        const resource = resourceOf(target.resource);
        const { fieldSelector } = target;
        const selection = { ...resource, ...(fieldSelector === undefined ? {} : { fieldSelector }) };
        return {
          source: retrying(transport.listerWatcher<KubeObject>(selection), clock),
          transform: transformFor(resource),
          indexers: indexersOf(resource),
          report,
        };
      },
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
    const filter = predicateOf(request.filter);
    const handler = createBrowserHandler(request.kind, this.#clock, request.delayMs);
    const informer = keyOfTarget(target);
    const registrations = Array.from({ length: request.times }, () =>
      this.#factory.addEventHandler(target, handler.value, {
        name: handler.name,
        owner: this.#owners.of(request.owner),
        resyncPeriodMs: request.resyncMs ?? 0,
        ...(filter === undefined ? {} : { filter }),
      }),
    );
    for (const registration of registrations) {
      this.#entries.set(registration.id, {
        registration,
        kind: request.kind,
        filter: request.filter,
        added: { informer, request, handler },
      });
    }
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

  /** @throws RefusedError for an informer that does not run */
  relist(key: string): void {
    this.#running(key).informer.relist();
  }

  replay(key: string): void {
    this.#running(key).informer.replay();
  }

  stop(): Promise<void> {
    return this.#factory.stop();
  }

  #running(key: string): RunningInformer {
    const running = this.informer(key);
    if (running === undefined) throw new RefusedError(404, "no-such-informer", `no informer ${key} is running`);
    return running;
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

/** `v1/events?reason=FailedScheduling`: a resource, and a field selector behind the question mark. */
function targetOf(key: string): InformerTarget {
  const [resource = "", ...rest] = key.split("?");
  const fieldSelector = rest.join("?");
  if (isSecret(resourceOf(resource))) {
    throw new RefusedError(403, "secrets-refused", "Secrets cannot be chosen: nothing of them may leave the cluster");
  }
  return { resource, ...(fieldSelector === "" ? {} : { fieldSelector }) };
}

function resourceOf(key: string): ResourceName {
  const resource = parseResourceKey(key);
  if (resource !== undefined) return resource;
  throw new RefusedError(422, "not-a-resource", `${key} is no resource: expected v1/pods or apps/v1/deployments`);
}

function indexersOf({ group, resource }: ResourceName): Indexers<KubeObject> {
  const namespace = ({ metadata }: KubeObject): readonly string[] =>
    metadata.namespace === undefined ? [] : [metadata.namespace];
  if (group !== "" || resource !== "pods") return { namespace };
  const nodeName = ({ spec }: Pod): readonly string[] => (spec?.nodeName === undefined ? [] : [spec.nodeName]);
  return { namespace, "spec.nodeName": nodeName };
}
