import { Abort } from "#lib/clock/index.ts";
import {
  retrying,
  SharedIndexInformer,
  type Deleted,
  type EventHandler,
  type Registration,
} from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import { ChainBrokenError, ChainCheck } from "#server/cluster/handlers/chain-check.ts";
import type { InProcessCluster } from "../../testing/in-process-cluster.ts";

/** A handler whose chains are checked. */
interface CheckedHandler {
  readonly registration: Registration;
  readonly chains: ChainCheck;
}

interface InformerTraits {
  readonly isStreamingEnabled: boolean;
  /** With one, handlers that do not resync are told less than the others. */
  readonly resyncPeriodMs: number;
}

/** An informer on the cluster, and everything that it says to anybody. */
export class WatchedInformer {
  readonly plural: string;
  readonly informer: SharedIndexInformer<KubeObject>;
  /** What no sound informer says. */
  readonly broken: string[] = [];
  readonly #cluster: InProcessCluster;
  readonly #handlers: CheckedHandler[] = [];
  readonly #stop = new Abort();
  readonly #running: Promise<void>;

  constructor(cluster: InProcessCluster, plural: string, { isStreamingEnabled, resyncPeriodMs }: InformerTraits) {
    this.plural = plural;
    this.#cluster = cluster;
    const { clock, random, transport } = cluster;
    this.informer = new SharedIndexInformer<KubeObject>({
      source: retrying(transport.listerWatcher({ group: "", version: "v1", resource: plural }), clock),
      clock,
      random,
      isStreamingEnabled,
      resyncPeriodMs,
      report: ({ kind, message }) => {
        if (kind === "handlerFailed" || kind === "bufferOverflow" || kind === "unexpectedType") {
          this.broken.push(`${kind}: ${message}`);
        }
      },
    });
    this.#running = this.informer.run(this.#stop.signal);
  }

  get handlers(): number {
    return this.#handlers.length;
  }

  /** @param delayMs how long it takes for each notification */
  addHandler(delayMs: number, resyncPeriodMs: number): void {
    const chains = new ChainCheck();
    const registration = this.informer.addEventHandler(this.#checked(chains, delayMs), { resyncPeriodMs });
    this.#handlers.push({ chains, registration });
  }

  removeHandler(which: number): void {
    const [removed] = this.#handlers.splice(which, 1);
    if (removed !== undefined) this.informer.removeEventHandler(removed.registration);
  }

  /** It is sound, and nobody has anything left to be told. */
  get isSettled(): boolean {
    const isIdle = this.#handlers.every(
      ({ registration }) => registration.pending === 0 && registration.busySince === undefined,
    );
    return this.#isSound && isIdle;
  }

  /** What it or its handlers have that the server has not, or the other way round. */
  differences(): readonly string[] {
    const served = new ChainCheck();
    const versions = new Map<string, string>();
    for (const object of this.#cluster.objects.list(this.plural)) {
      const { uid = "", resourceVersion = "", name = "" } = object.metadata;
      served.onAdd({ metadata: { uid, resourceVersion, name } });
      versions.set(uid, resourceVersion);
    }
    const stored = this.informer.store.list();
    const wrong = stored.filter(({ metadata }) => versions.get(metadata.uid ?? "") !== metadata.resourceVersion);
    return [
      ...this.broken,
      ...wrong.map(({ metadata }) => `${metadata.name} is stored in version ${metadata.resourceVersion}`),
      ...(stored.length === versions.size ? [] : [`${stored.length} are stored, the server has ${versions.size}`]),
      ...this.#handlers.flatMap(({ registration, chains }) =>
        chains.digest === served.digest && chains.objects === versions.size
          ? []
          : [`handler ${registration.id} knows ${chains.objects} objects, ${chains.digest}, not ${served.digest}`],
      ),
    ].map((difference) => `${this.plural}: ${difference}`);
  }

  /** Why it is not sound. */
  troubles(): readonly string[] {
    return this.#isSound ? [] : [`${this.plural}: not sound, ${JSON.stringify(this.informer.state)}`];
  }

  abort(): void {
    this.#stop.abort();
  }

  async stop(): Promise<void> {
    this.abort();
    await this.#cluster.clock.advance(60_000);
    await this.#running;
  }

  get #isSound(): boolean {
    const { state, watchLoss, problem } = this.informer;
    return state.phase === "watching" && watchLoss === undefined && problem === undefined;
  }

  #checked(chains: ChainCheck, delayMs: number): EventHandler<KubeObject> {
    const told = (tell: () => void): void | Promise<void> => {
      try {
        tell();
      } catch (error) {
        if (!(error instanceof ChainBrokenError)) throw error;
        this.broken.push(error.message);
      }
      if (delayMs > 0) return new Promise((done) => void this.#cluster.clock.setTimer(delayMs, done));
    };
    return {
      onAdd: (object) => told(() => chains.onAdd(object)),
      onUpdate: (old, object) => told(() => chains.onUpdate(old, object)),
      onDelete: (deleted: Deleted<KubeObject>) => told(() => chains.onDelete(deleted)),
    };
  }
}
