import { Abort, type Clock } from "#lib/clock/index.ts";
import { keyOf } from "#lib/kube/index.ts";
import { ApiStatusError, ConnectionError } from "../api-errors.ts";
import type { Indexers } from "../indexer.ts";
import { SyncFailedError } from "../list-objects.ts";
import { retrying } from "../retrying.ts";
import { SharedIndexInformer } from "../shared-index-informer.ts";
import { keyOfObject } from "./recorded-handler.ts";
import { RecordedSource } from "./recorded-source.ts";
import type { RecordedInformer, RecordedObject, RecordedOp, RecordedState, RecordedWatchError } from "./recording.ts";

export interface RecordedInformerOptions {
  readonly clock: Clock;
  readonly jitter: number;
  readonly isStreamingEnabled: boolean;
  readonly differ: (difference: string) => void;
  readonly countTransform: (key: string) => void;
}

/** One informer of a recording, with the server that answers it. */
export class RecordedInformerUnderTest {
  readonly id: string;
  readonly informer: SharedIndexInformer<RecordedObject>;
  readonly source: RecordedSource;
  readonly handleHasSynced = new Map<string, () => boolean>();
  readonly #countTransform: (key: string) => void;
  readonly #stop = new Abort();
  #watchErrors: RecordedWatchError[] = [];
  #hasReturned = false;

  constructor(config: RecordedInformer, options: RecordedInformerOptions) {
    const { clock, jitter, isStreamingEnabled, differ } = options;
    this.id = config.id;
    this.#countTransform = options.countTransform;
    this.source = new RecordedSource(config, clock, differ);
    this.informer = new SharedIndexInformer<RecordedObject>({
      source: retrying(this.source, clock),
      clock,
      random: () => jitter,
      isStreamingEnabled,
      resyncPeriodMs: config.resyncMs ?? 0,
      indexers: indexersOf(config.indexers),
      expects: { apiVersion: "v1", kind: config.resource === "nodes" ? "Node" : "Pod" },
      onWatchError: (error) => this.#watchErrors.push(classOf(error)),
    });
  }

  /** Whether it had been started before, and so returned at once. */
  run(): unknown {
    if (this.informer.isStarted) {
      void this.informer.run(new Abort().signal);
      return "returned immediately";
    }
    void this.informer.run(this.#stop.signal).then(() => {
      this.#hasReturned = true;
    });
    return undefined;
  }

  stop(): void {
    this.#stop.abort();
  }

  setTransform(name: string | undefined): void {
    this.informer.setTransform((object) => {
      this.#countTransform(`${keyOfObject(object)}@${object.metadata.resourceVersion ?? ""}`);
      return transforms[name ?? ""]?.(object) ?? object;
    });
  }

  takeWatchErrors(): readonly RecordedWatchError[] {
    const errors = this.#watchErrors;
    this.#watchErrors = [];
    return errors;
  }

  /** The answer to a question about the store, in the form of the recording. */
  query({ op, key = "", index = "", value = "" }: RecordedOp): unknown {
    const { store } = this.informer;
    const keys = (objects: readonly RecordedObject[]): string[] => objects.map(keyOfObject).sort();
    switch (op) {
      case "list":
        return keys(store.list());
      case "get": {
        const object = store.get(keyOf(undefined, key));
        if (object === undefined) return { exists: false };
        const { resourceVersion: rv, uid, labels } = object.metadata;
        return { exists: true, rv, uid, ...(Object.keys(labels ?? {}).length > 0 ? { labels } : {}) };
      }
      case "byIndex":
        return keys(store.byIndex(index, value));
      case "indexKeys":
        return store.indexKeys(index, value);
      case "indexValues":
        return store.indexValues(index).sort();
      case "index": {
        const object = store.get(keyOf(undefined, key));
        return object === undefined ? [] : keys(store.index(index, object));
      }
      case "indexerNames":
        return [...store.indexNames].sort();
      default:
        throw new Error(`unknown operation ${op}`);
    }
  }

  state(): RecordedState {
    const { informer, source } = this;
    const handles = Object.fromEntries([...this.handleHasSynced].map(([name, hasSynced]) => [name, hasSynced()]));
    return {
      started: informer.isStarted,
      stopped: informer.isStopped,
      runReturned: this.#hasReturned,
      hasSynced: informer.hasSynced,
      lastSyncResourceVersion: informer.lastSyncResourceVersion,
      storeResourceVersion: informer.lastStoreSyncResourceVersion,
      store: Object.fromEntries(informer.store.list().map((object) => [keyOfObject(object), shownVersion(object)])),
      ...(this.handleHasSynced.size > 0 ? { handleHasSynced: handles } : {}),
      ...(source.openStreams.length > 0 ? { openStreams: source.openStreams } : {}),
    };
  }
}

function shownVersion({ metadata: { resourceVersion = "", labels } }: RecordedObject): string {
  const marks = labels?.["marks"];
  return marks === undefined || marks === "" ? resourceVersion : `${resourceVersion} marks=${marks}`;
}

function classOf(error: unknown): RecordedWatchError {
  if (error instanceof ApiStatusError) return { code: error.code, reason: error.reason, class: "status" };
  if (error instanceof SyncFailedError) return { class: "syncFailed" };
  if (!(error instanceof ConnectionError)) return { class: "other" };
  const classes: Readonly<Record<string, string>> = {
    refused: "connectionRefused",
    reset: "connectionReset",
    eof: "eof",
  };
  return { class: classes[error.kind] ?? "other" };
}

const transforms: Readonly<Record<string, (object: RecordedObject) => RecordedObject>> = {
  mark: (object) => {
    const labels = { ...object.metadata.labels, marks: `${object.metadata.labels?.["marks"] ?? ""}x` };
    return { ...object, metadata: { ...object.metadata, labels } };
  },
  strip: (object) => {
    const { labels: _labels, annotations: _annotations, ...metadata } = object.metadata;
    return { ...object, metadata };
  },
  failOnLabel: (object) => {
    if (object.metadata.labels?.["transform"] === "fail") throw new Error("scripted transform failure");
    return object;
  },
};

export function indexersOf(config: Readonly<Record<string, string>> = {}): Indexers<RecordedObject> {
  return Object.fromEntries(Object.entries(config).map(([name, kind]) => [name, indexFunction(kind)]));
}

function indexFunction(kind: string): (object: RecordedObject) => readonly string[] {
  const some = (value: string | undefined): readonly string[] => (value === undefined || value === "" ? [] : [value]);
  if (kind === "namespace") return ({ metadata }) => [metadata.namespace ?? ""];
  if (kind === "node") return ({ spec }) => some(spec?.nodeName);
  if (kind === "constant") return () => ["all"];
  if (!kind.startsWith("label:")) throw new Error(`unknown index function ${kind}`);
  const label = kind.slice("label:".length);
  return ({ metadata }) => some(metadata.labels?.[label]).flatMap((value) => value.split("."));
}
