import { randomUUID } from "node:crypto";
import type { Clock } from "#lib/clock/index.ts";
import type { KubeObject, Pod, ResourceClaim } from "#lib/kube/index.ts";
import { schedulerNameOf, type SchedulerWriter, type SchedulingEvent, type StatusPatch } from "#lib/scheduler/index.ts";
import type { KubeWriter } from "../transport/index.ts";

const pods = { group: "", version: "v1", resource: "pods" } as const;
const claims = { group: "resource.k8s.io", version: "v1", resource: "resourceclaims" } as const;
const events = { group: "events.k8s.io", version: "v1", resource: "events" } as const;

/** A claim does not go before its devices are given back. */
const claimProtection = "resource.kubernetes.io/delete-protection";

/** What our scheduler writes to the cluster that it drives. */
export class ApiSchedulerWriter implements SchedulerWriter {
  readonly #writer: KubeWriter;
  readonly #clock: Clock;

  constructor(writer: KubeWriter, clock: Clock) {
    this.#writer = writer;
    this.#clock = clock;
  }

  async bind(pod: Pod, node: string): Promise<void> {
    const { name, namespace, uid } = pod.metadata;
    const binding = {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name, namespace, uid },
      target: { apiVersion: "v1", kind: "Node", name: node },
    };
    await this.#writer.createSubresource(targetOf(pod, "binding"), binding as KubeObject);
  }

  async updateClaimStatus({ metadata, status }: ResourceClaim): Promise<void> {
    const { name = "", namespace = "", uid, finalizers = [] } = metadata;
    const target = { ...claims, name, namespace };
    let { resourceVersion } = metadata;
    if (!finalizers.includes(claimProtection)) {
      const body = { metadata: { uid, resourceVersion, finalizers: [...finalizers, claimProtection] } };
      const written = (await this.#writer.patch(target, { type: "merge", body })) as KubeObject;
      resourceVersion = written.metadata.resourceVersion;
    }
    const body = { metadata: { uid, resourceVersion }, status };
    await this.#writer.patch({ ...target, subresource: "status" }, { type: "merge", body });
  }

  async patchStatus(pod: Pod, { condition, nominatedNodeName }: StatusPatch): Promise<void> {
    const status = {
      ...(condition === undefined ? {} : { conditions: [condition] }),
      ...(nominatedNodeName === undefined ? {} : { nominatedNodeName: nominatedNodeName || null }),
    };
    // The uid is a precondition: a pod recreated under the name is not the one that failed.
    const body = { metadata: { uid: pod.metadata.uid }, status };
    await this.#writer.patch(targetOf(pod, "status"), { type: "strategic", body });
  }

  async recordEvent(pod: Pod, { type, reason, action, note }: SchedulingEvent): Promise<void> {
    const { name, namespace, uid, resourceVersion } = pod.metadata;
    const reporter = schedulerNameOf(pod);
    const event = {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { name: `${name}.${randomUUID().slice(0, 16)}`, namespace },
      eventTime: new Date(this.#clock.now()).toISOString().replace("Z", "000Z"),
      reportingController: reporter,
      reportingInstance: `${reporter}-kube-inflight`,
      type,
      reason,
      action,
      note,
      regarding: { apiVersion: "v1", kind: "Pod", name, namespace, uid, resourceVersion },
    };
    await this.#writer.create(events, event as KubeObject);
  }
}

function targetOf<S extends string>({ metadata }: Pod, subresource: S) {
  const { name = "", namespace = "" } = metadata;
  return { ...pods, name, namespace, subresource };
}
