/** The format of recordings of client-go's shared informer, `informer-trace/1`, as far as a replay reads it. */

export interface RecordedObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: { readonly nodeName?: string };
}

export interface RecordedResponse {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly rawBody?: string;
  readonly error?: string;
  /** Answered in a later step. */
  readonly hang?: boolean;
  /** The id of the stream that opens. */
  readonly stream?: string;
  readonly resourceVersion?: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
  readonly items?: readonly RecordedObject[] | null;
}

export interface RecordedRequest {
  readonly t: number;
  readonly id: string;
  readonly kind: "list" | "watch";
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The answer to a request of an earlier step. */
  readonly late?: boolean;
  readonly response: RecordedResponse;
}

export interface RecordedFrame {
  readonly type?: string;
  readonly object?: unknown;
  readonly raw?: string;
  readonly end?: "eof" | "abort";
}

export interface RecordedNote {
  readonly type: "add" | "update" | "delete";
  readonly key: string;
  readonly oldRV?: string;
  readonly newRV?: string;
  readonly isInInitialList?: boolean;
  readonly sameObject?: boolean;
  readonly uidChanged?: boolean;
  readonly deletedFinalStateUnknown?: boolean;
  readonly marks?: string;
  readonly panicked?: boolean;
}

export interface RecordedRun {
  readonly order: "strict" | "any";
  readonly items: readonly RecordedNote[];
}

export interface RecordedOp {
  readonly op: string;
  readonly informer?: string;
  readonly handle?: string;
  readonly handler?: string;
  readonly resyncMs?: number;
  readonly n?: number;
  readonly type?: string;
  readonly key?: string;
  readonly name?: string;
  readonly indexers?: Readonly<Record<string, string>>;
  readonly index?: string;
  readonly value?: string;
  readonly do?: readonly RecordedOp[];
}

export interface RecordedState {
  readonly started: boolean;
  readonly stopped: boolean;
  readonly runReturned: boolean;
  readonly hasSynced: boolean;
  readonly lastSyncResourceVersion: string;
  readonly storeResourceVersion: string;
  readonly store: Readonly<Record<string, string>>;
  readonly handleHasSynced?: Readonly<Record<string, boolean>>;
  readonly openStreams?: readonly string[];
}

export interface RecordedReaction {
  readonly handler: string;
  readonly op: RecordedOp;
  readonly result?: unknown;
}

export interface RecordedWatchError {
  readonly code?: number;
  readonly reason?: string;
  readonly class: string;
}

export interface RecordedStep {
  readonly i: number;
  readonly t: number;
  readonly op: RecordedOp;
  readonly result?: unknown;
  readonly requests?: Readonly<Record<string, readonly RecordedRequest[]>>;
  readonly frames?: Readonly<Record<string, readonly RecordedFrame[]>>;
  readonly notifications?: Readonly<Record<string, readonly RecordedRun[]>>;
  readonly reactions?: readonly RecordedReaction[];
  readonly transforms?: Readonly<Record<string, number>>;
  readonly watchErrors?: Readonly<Record<string, readonly RecordedWatchError[]>>;
  readonly state?: Readonly<Record<string, RecordedState>>;
}

export interface RecordedInformer {
  readonly id: string;
  readonly resource?: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resyncMs?: number;
  readonly indexers?: Readonly<Record<string, string>>;
}

export interface Recording {
  readonly schema: string;
  readonly mode: "list" | "watchlist";
  readonly features: Readonly<Record<string, boolean>>;
  readonly jitter: number;
  readonly scenario: { readonly name: string; readonly informers?: readonly RecordedInformer[] };
  readonly steps: readonly RecordedStep[];
}

const schema = "informer-trace/1";
/** Several of them in one file. */
const packSchema = "informer-traces/1";

/** @throws when `content` is neither a recording nor a pack of them, or records nothing */
export function recordingsOf(content: unknown): readonly Recording[] {
  const pack = content as { readonly schema?: unknown; readonly recordings?: unknown } | null;
  if (typeof pack !== "object" || pack?.schema !== packSchema) return [recordingOf(content)];
  if (!Array.isArray(pack.recordings) || pack.recordings.length === 0) throw new Error("the pack has no recordings");
  return pack.recordings.map(recordingOf);
}

function recordingOf(content: unknown): Recording {
  const recording = content as Partial<Recording> | null;
  if (recording === null || typeof recording !== "object" || recording.schema !== schema) {
    throw new Error(`no recording of an informer: expected the schema ${schema}`);
  }
  const { steps, scenario, mode, features, jitter } = recording;
  if (!Array.isArray(steps) || steps.length === 0) throw new Error("the recording has no steps");
  if (scenario === undefined || features === undefined) throw new Error("the recording names no scenario or features");
  if (mode !== "list" && mode !== "watchlist") throw new Error(`unknown mode ${JSON.stringify(mode)}`);
  if (typeof jitter !== "number") throw new Error("the recording says nothing of the jitter");
  return recording as Recording;
}

/** Recordings of other queues than client-go's default are there for comparison. */
export function isBinding({ features }: Recording): boolean {
  return Object.entries(features).every(([gate, isOn]) => isOn || gate === "WatchListClient");
}
