import { Abort, type Clock, type Instant, type Timer } from "#lib/clock/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import { Identities } from "./identities.ts";
import type { EventHandler } from "./notification.ts";
import { Pacer } from "./pacer.ts";
import type { Registration } from "./registration.ts";
import {
  InformerStoppedError,
  SharedIndexInformer,
  type HandlerOptions,
  type SharedIndexInformerOptions,
} from "./shared-index-informer.ts";

/** What an informer is about. Namespace and labels of a handler are its filter, not part of this. */
export interface InformerTarget {
  /** `v1/pods`, `apps/v1/deployments`. */
  readonly resource: string;
  readonly fieldSelector?: string;
  /** Only where the cluster-wide list is forbidden. */
  readonly namespace?: string;
}

/** What a target needs besides what all informers of a factory share. */
export type InformerSetup<T extends KubeObject> = Omit<
  SharedIndexInformerOptions<T>,
  "clock" | "random" | "name" | "resyncPeriodMs" | "onRegistrations" | "pacer" | "identities"
>;

export interface SharedInformerFactoryOptions<T extends KubeObject> {
  readonly clock: Clock;
  readonly random: () => number;
  /** Called when the first handler for a target arrives. */
  readonly setup: (target: InformerTarget) => InformerSetup<T>;
  /** How often handlers that ask for a resync are looked at. An informer created with none never resyncs. */
  readonly resyncCheckPeriodMs?: number;
  /** How long an informer outlives its last registration, so that an undo costs no list. */
  readonly lingerMs?: number;
  readonly pacer?: Pacer;
  readonly identities?: Identities;
}

const defaultResyncCheckPeriodMs = 30_000;
const defaultLingerMs = 30_000;

interface Entry<T extends KubeObject> {
  readonly key: string;
  readonly target: InformerTarget;
  readonly informer: SharedIndexInformer<T>;
  readonly abort: Abort;
  /** Settles when it has drained. */
  readonly running: Promise<void>;
  linger: { readonly until: Instant; readonly timer: Timer } | undefined;
}

/**
 * Informers on demand: one per target, started when its first handler arrives and stopped some time after its last
 * registration went. Upstream: `dynamicSharedInformerFactory`, which never stops one.
 */
export class SharedInformerFactory<T extends KubeObject = KubeObject> {
  readonly #options: SharedInformerFactoryOptions<T>;
  readonly #pacer: Pacer;
  readonly #identities: Identities;
  readonly #entries = new Map<string, Entry<T>>();
  readonly #draining = new Set<Promise<void>>();
  #isStopped = false;

  constructor(options: SharedInformerFactoryOptions<T>) {
    this.#options = options;
    this.#pacer = options.pacer ?? new Pacer(options.clock);
    this.#identities = options.identities ?? new Identities();
  }

  /** The informer of a target, if it has one now. */
  informer(target: InformerTarget): SharedIndexInformer<T> | undefined {
    return this.#entries.get(keyOfTarget(target))?.informer;
  }

  /** Those that run, with the key under which each is known, in order of their start. */
  informers(): readonly {
    readonly key: string;
    readonly target: InformerTarget;
    readonly informer: SharedIndexInformer<T>;
    /** Set while it has no registration. */
    readonly lingersUntil: Instant | undefined;
  }[] {
    return [...this.#entries.values()].map(({ key, target, informer, linger }) => ({
      key,
      target,
      informer,
      lingersUntil: linger?.until,
    }));
  }

  /** A handler that asks for no resync gets none. @throws InformerStoppedError once the factory was stopped */
  addEventHandler(target: InformerTarget, handler: EventHandler<T>, options: HandlerOptions<T> = {}): Registration {
    if (this.#isStopped) throw new InformerStoppedError("the factory was stopped: it starts no informer any more");
    const entry = this.#entries.get(keyOfTarget(target)) ?? this.#start(target);
    return entry.informer.addEventHandler(handler, { resyncPeriodMs: 0, ...options });
  }

  /** Whether it was there. Idempotent, like the informer's own. */
  removeEventHandler(registration: Registration): boolean {
    return [...this.#entries.values()].some(({ informer }) => informer.removeEventHandler(registration));
  }

  /** Stops every informer; resolves when the last call of a handler has returned. Idempotent. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const entry of this.#entries.values()) this.#stop(entry);
    await Promise.all(this.#draining);
  }

  #start(target: InformerTarget): Entry<T> {
    const { clock, random, setup, resyncCheckPeriodMs = defaultResyncCheckPeriodMs } = this.#options;
    const key = keyOfTarget(target);
    const abort = new Abort();
    const informer = new SharedIndexInformer<T>({
      ...setup(target),
      clock,
      random,
      name: key,
      resyncPeriodMs: resyncCheckPeriodMs,
      pacer: this.#pacer,
      identities: this.#identities,
      onRegistrations: (count) => this.#registrationsChanged(entry, count),
    });
    const entry: Entry<T> = { key, target, informer, abort, running: informer.run(abort.signal), linger: undefined };
    this.#entries.set(key, entry);
    return entry;
  }

  #registrationsChanged(entry: Entry<T>, count: number): void {
    entry.linger?.timer.cancel();
    entry.linger = undefined;
    if (count > 0 || this.#isStopped) return;
    const { clock, lingerMs = defaultLingerMs } = this.#options;
    const timer = clock.setTimer(lingerMs, () => this.#stop(entry));
    entry.linger = { until: clock.now() + lingerMs, timer };
  }

  #stop(entry: Entry<T>): void {
    entry.linger?.timer.cancel();
    this.#entries.delete(entry.key);
    entry.abort.abort();
    const drained = entry.running.finally(() => this.#draining.delete(drained));
    this.#draining.add(drained);
  }
}

/** `v1/pods`, with `?field selector` and `@namespace` where there are any. */
export function keyOfTarget({ resource, fieldSelector, namespace }: InformerTarget): string {
  const selector = fieldSelector === undefined || fieldSelector === "" ? "" : `?${fieldSelector}`;
  const scope = namespace === undefined || namespace === "" ? "" : `@${namespace}`;
  return `${resource}${scope}${selector}`;
}
