import { objectKey, type Pod, type ResourceClaim } from "#lib/kube/index.ts";
import type { SchedulerWriter, SchedulingEvent, StatusPatch } from "../writer.ts";

/** Writes nothing, remembers everything. Bindings can be held back, or made to fail. */
export class RecordingWriter implements SchedulerWriter {
  readonly bindings: string[] = [];
  readonly events: (SchedulingEvent & { readonly pod: string })[] = [];
  readonly patches: (StatusPatch & { readonly pod: string })[] = [];
  readonly claims: ResourceClaim[] = [];
  claimError: Error | undefined;
  /** What the next bindings are refused with. */
  bindError: Error | undefined;
  onBind: (pod: Pod, node: string) => void = () => undefined;

  async bind(pod: Pod, node: string): Promise<void> {
    if (this.bindError !== undefined) throw this.bindError;
    this.bindings.push(`${objectKey(pod)} on ${node}`);
    this.onBind(pod, node);
  }

  async updateClaimStatus(claim: ResourceClaim): Promise<void> {
    if (this.claimError !== undefined) throw this.claimError;
    this.claims.push(claim);
  }

  async patchStatus(pod: Pod, patch: StatusPatch): Promise<void> {
    this.patches.push({ pod: objectKey(pod), ...patch });
  }

  async recordEvent(pod: Pod, event: SchedulingEvent): Promise<void> {
    this.events.push({ pod: objectKey(pod), ...event });
  }
}
