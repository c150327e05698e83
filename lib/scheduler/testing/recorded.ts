import type { KubeObject, Node, Pod } from "#lib/kube/index.ts";

/** The recordings of kube-scheduler's filters, hints and event handlers. */

export interface RecordedCluster {
  readonly nodes?: readonly Node[];
  readonly pods?: readonly Pod[];
  readonly namespaces?: readonly KubeObject[];
  readonly pvcs?: readonly KubeObject[];
  readonly pvs?: readonly KubeObject[];
  readonly storageClasses?: readonly KubeObject[];
  readonly csiNodes?: readonly KubeObject[];
  readonly csiDrivers?: readonly KubeObject[];
  readonly csiStorageCapacities?: readonly KubeObject[];
  readonly volumeAttachments?: readonly KubeObject[];
  readonly deviceClasses?: readonly KubeObject[];
  readonly resourceClaims?: readonly KubeObject[];
  readonly resourceSlices?: readonly KubeObject[];
}

export interface RecordedStatus {
  readonly code: string;
  readonly plugin?: string;
  readonly reasons?: readonly string[];
}

export interface RecordedNode extends RecordedStatus {
  readonly node: string;
  readonly evaluated: boolean;
  readonly rejections?: readonly RecordedStatus[];
}

export interface RecordedFilterCase {
  readonly name: string;
  readonly pod: Pod;
  readonly expect: {
    readonly outcome: string;
    readonly preEnqueue?: readonly RecordedStatus[];
    readonly preFilter?: RecordedStatus & {
      readonly nodeNames?: readonly string[] | null;
      readonly nodeNamesPlugins?: readonly string[];
      readonly skipped?: readonly string[];
      readonly perPlugin?: readonly RecordedStatus[];
    };
    readonly nodes?: readonly RecordedNode[];
    readonly feasible?: readonly string[];
    readonly evaluatedNodes?: number;
    readonly fitError?: string;
    readonly postFilter?: string;
    readonly message?: string;
    readonly reason?: string;
    readonly eventNote?: string;
    readonly nominatedNodeName?: string;
    readonly queue?: RecordedQueueState;
  };
}

export interface RecordedQueueState {
  readonly in: string;
  readonly unschedulablePlugins?: readonly string[];
  readonly pendingPlugins?: readonly string[];
  readonly gatingPlugin?: string;
  readonly attempts?: number;
  readonly unschedulableCount?: number;
  readonly consecutiveErrorsCount?: number;
}

export interface RecordedFilterScenario {
  readonly name: string;
  readonly cluster: RecordedCluster;
  readonly cases: readonly RecordedFilterCase[];
}

export interface RecordedEvent {
  readonly resource: string;
  readonly action: string;
  readonly label?: string;
}

export interface RecordedHintScenario {
  readonly name: string;
  readonly plugin: string;
  readonly event: RecordedEvent;
  readonly cluster?: RecordedCluster;
  readonly pod: Pod;
  readonly oldObj?: KubeObject;
  readonly newObj?: KubeObject;
  readonly expect: {
    readonly label: string;
    readonly matched?: readonly {
      readonly resource: string;
      readonly actions: readonly string[];
      readonly hasHintFn: boolean;
      readonly hint: string;
      readonly synthetic?: boolean;
      readonly error?: string;
    }[];
    readonly queue: string;
    readonly queuePending: string;
  };
}

export interface RecordedRandomHints {
  readonly name: string;
  readonly cluster: RecordedCluster;
  readonly cases: readonly {
    readonly name: string;
    readonly event: RecordedEvent;
    readonly pod: Pod;
    readonly oldObj?: KubeObject;
    readonly newObj?: KubeObject;
    readonly expect?: Readonly<
      Record<string, { readonly hint: string; readonly error?: string; readonly queue: string }>
    >;
  }[];
}

export interface RecordedDiff {
  readonly name: string;
  readonly kind: "Pod" | "Node";
  readonly oldObj: KubeObject;
  readonly newObj: KubeObject;
  readonly expect: readonly Required<RecordedEvent>[];
}

export interface RecordedRejection {
  readonly pod: string;
  readonly unschedulablePlugins?: readonly string[];
  readonly pendingPlugins?: readonly string[];
}

export interface RecordedCall {
  readonly call: string;
  readonly event?: Required<RecordedEvent>;
  readonly old?: string;
  readonly new?: string;
  readonly preCheck?: boolean;
}

export interface RecordedPipeline {
  readonly name: string;
  readonly cluster: RecordedCluster;
  readonly parked?: readonly RecordedRejection[];
  readonly inFlight?: readonly RecordedRejection[];
  readonly assumed?: Readonly<Record<string, string>>;
  readonly ops: readonly { readonly op: "add" | "update" | "delete"; readonly obj: KubeObject }[];
  readonly expect: {
    readonly calls: readonly (readonly RecordedCall[])[];
    readonly queues: Readonly<Record<string, string>>;
  };
}

/** One metric after the pipeline scenarios ran, with the label sets that showed up. */
export interface RecordedMetric {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly series: readonly string[];
}
