import type { Condition, Pod, ResourceClaim } from "#lib/kube/index.ts";

/** An events.k8s.io event about a pod. */
export interface SchedulingEvent {
  readonly type: "Normal" | "Warning";
  readonly reason: "Scheduled" | "FailedScheduling";
  readonly action: "Binding" | "Scheduling";
  readonly note: string;
}

/** What changes in a pod's status; what is absent stays as it is. */
export interface StatusPatch {
  readonly condition?: Condition;
  /** Empty clears it. */
  readonly nominatedNodeName?: string;
}

/** Everything a scheduler writes. There is none where we only watch. */
export interface SchedulerWriter {
  /** Rejects when the API refuses the binding. */
  bind(pod: Pod, node: string): Promise<void>;
  /** The whole status, over the version that was read. Rejects when the claim is another one by now. */
  updateClaimStatus(claim: ResourceClaim): Promise<void>;
  patchStatus(pod: Pod, patch: StatusPatch): Promise<void>;
  recordEvent(pod: Pod, event: SchedulingEvent): Promise<void>;
}

const longestNote = 1024;
const cut = " ...";

/** Upstream: `truncateMessage`, by bytes; what is cut falls on a character boundary here. */
export function truncateNote(message: string): string {
  if (byteLength(message) <= longestNote) return message;
  let length = 0;
  let kept = "";
  for (const character of message) {
    length += byteLength(character);
    if (length > longestNote - cut.length) break;
    kept += character;
  }
  return kept + cut;
}

function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** The patch that makes the pod say this, `undefined` when it does so already. Upstream: `updatePod`. */
export function statusPatch(
  pod: Pod,
  condition: Condition,
  nominatedNodeName: string | undefined,
): StatusPatch | undefined {
  const present = pod.status?.conditions?.find(({ type }) => type === condition.type);
  const isSaidAlready =
    present?.status === condition.status &&
    present.reason === condition.reason &&
    present.message === condition.message;
  const isNominationKept =
    nominatedNodeName === undefined || (pod.status?.nominatedNodeName ?? "") === nominatedNodeName;
  if (isSaidAlready && isNominationKept) return undefined;
  return { condition, ...(nominatedNodeName !== undefined && { nominatedNodeName }) };
}
