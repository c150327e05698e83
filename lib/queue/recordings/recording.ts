/** The format of recordings of kube-scheduler's queue. */

export const recordingFormat = "kube-inflight/queue-trace@1";

export interface Recording {
  readonly format: typeof recordingFormat;
  readonly group: string;
  readonly traces: readonly Trace[];
}

export interface Trace {
  readonly name: string;
  readonly about?: string;
  readonly tags?: readonly string[];
  readonly config: TraceConfig;
  readonly ops: readonly RecordedOp[];
}

export interface TraceConfig {
  readonly podInitialBackoffSeconds: number;
  readonly podMaxBackoffSeconds: number;
  readonly podMaxInUnschedulablePodsDurationSeconds: number;
  readonly featureGates: Readonly<Record<string, boolean>>;
  readonly startOffsetMs: number;
  readonly profiles: readonly string[];
  readonly sort: string;
  readonly plugins: readonly RecordedPlugin[];
  readonly namespaces?: readonly { readonly name: string; readonly labels?: Readonly<Record<string, string>> }[];
  readonly signers?: Readonly<Record<string, RecordedSigner>>;
  readonly dispatcher?: string;
}

export interface RecordedPlugin {
  readonly name: string;
  readonly profiles?: readonly string[];
  readonly preEnqueue: RecordedPreEnqueue | null;
  readonly events: readonly { readonly event: RecordedEvent; readonly hint: RecordedHint }[] | null;
}

export interface RecordedPreEnqueue {
  readonly kind: string;
  readonly key?: string;
  readonly value?: string;
  readonly code?: string;
}

export interface RecordedHint {
  readonly kind: string;
  readonly key?: string;
  readonly value?: string;
}

export interface RecordedSigner {
  readonly kind: string;
  readonly key?: string;
}

export interface RecordedEvent {
  readonly resource: string;
  readonly mask: number;
  readonly label: string;
  readonly customLabel?: string;
}

export interface RecordedObject {
  readonly kind: string;
  readonly name: string;
  readonly ns?: string;
  readonly uid?: string;
  readonly rv?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly generation?: number;
  readonly priority?: number;
  readonly scheduler?: string;
  readonly node?: string;
  readonly nominated?: string;
  readonly gates?: readonly string[];
  readonly tolerations?: readonly string[];
  readonly cpu?: number;
  readonly group?: string;
  readonly affinity?: readonly RecordedAffinityTerm[];
  readonly claims?: readonly string[];
  readonly conditions?: readonly string[];
}

export interface RecordedAffinityTerm {
  readonly labels?: Readonly<Record<string, string>> | null;
  readonly namespaces?: readonly string[];
  readonly nsLabels?: Readonly<Record<string, string>>;
  readonly anyNs?: boolean;
}

export interface RecordedPreCheck {
  readonly kind: string;
  readonly key?: string;
  readonly value?: string;
  readonly num?: number;
}

/** One operation with what came of it. Only the fields that belong to the operation are there. */
export interface RecordedOp {
  readonly op: string;
  readonly t: number;
  readonly pod?: RecordedObject;
  readonly pods?: readonly RecordedObject[];
  readonly old?: RecordedObject;
  readonly new?: RecordedObject;
  readonly event?: RecordedEvent;
  readonly preCheck?: RecordedPreCheck;
  readonly uid?: string;
  readonly plugins?: readonly string[];
  readonly pending?: readonly string[];
  readonly cycle?: number;
  readonly fresh?: boolean;
  readonly raw?: boolean;
  readonly node?: string;
  readonly mode?: string;
  readonly name?: string;
  readonly ns?: string;
  readonly on?: boolean;
  readonly noLister?: boolean;
  readonly condition?: string;
  /** For readers. */
  readonly note?: string;
  readonly result?: unknown;
  readonly h?: string;
  readonly state?: unknown;
  readonly metrics?: unknown;
}

/** A field that the operation cannot do without. */
export function needed<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the recording has no ${what} where one is needed`);
  return value;
}
