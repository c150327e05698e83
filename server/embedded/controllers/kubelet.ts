import type { JsonObject } from "#lib/protocol/index.ts";
import type { Timer } from "#lib/clock/index.ts";
import { listAt, lookup, objectAt, textAt, type ApiObject } from "../storage/api-object.ts";
import { refOf } from "../api/local-client.ts";
import type { ControllerContext } from "./context.ts";

/** How long the containers of a pod run that is meant to finish, in seconds; without it, half a minute or so. */
export const runSecondsAnnotation = "kube-inflight.dev/run-seconds";

/** The phase of a pod that is being deleted, here. */
const ending = "ending";

/** Plays the kubelet of every node: a pod that is bound runs a moment later, and one that may finish does in its time. */
export function startKubelet({ client, clock, random }: ControllerContext): () => void {
  /** What each pod is about to do, and the phase that it does it in. */
  const timers = new Map<string, { readonly timer: Timer; readonly phase: string }>();
  let lastAddress = 0;

  function later(pod: ApiObject, delayMs: number, status: () => JsonObject): void {
    const uid = pod.metadata.uid ?? "";
    forget(uid);
    const timer = clock.setTimer(delayMs, () => {
      timers.delete(uid);
      if (client.get(refOf("pods", pod))?.metadata.uid === uid) {
        client.patchIfPresent(refOf("pods", pod), { status: status() }, "status");
      }
    });
    timers.set(uid, { timer, phase: textAt(pod, "status", "phase") });
  }

  function forget(uid: string): void {
    timers.get(uid)?.timer.cancel();
    timers.delete(uid);
  }

  function look(pod: ApiObject): void {
    const uid = pod.metadata.uid ?? "";
    // One that somebody else holds goes when they let it.
    if (pod.metadata.deletionTimestamp !== undefined && (pod.metadata.finalizers ?? []).length === 0) {
      endLater(pod);
      return;
    }
    const phase = textAt(pod, "status", "phase");
    const node = textAt(pod, "spec", "nodeName");
    const isPlaced = node !== "" && !isSilent(node);
    // A cluster that goes back in time takes a pod from its node, or out of the phase that it was in.
    if (!isPlaced || timers.get(uid)?.phase !== phase) forget(uid);
    if (!isPlaced || timers.has(uid)) return;
    if (phase === "Pending") later(pod, 300 + random() * 1200, () => running(current(pod), now(), address()));
    if (phase === "Running" && textAt(pod, "spec", "restartPolicy") !== "Always") {
      later(pod, runMs(pod), () => succeeded(current(pod), now()));
    }
  }

  /** Containers end soon after they are told to; of a node that is gone there is nobody to wait for. */
  function endLater(pod: ApiObject): void {
    const uid = pod.metadata.uid ?? "";
    const node = textAt(pod, "spec", "nodeName");
    if (node !== "" && isSilent(node)) {
      forget(uid);
      return;
    }
    if (timers.get(uid)?.phase === ending) return;
    forget(uid);
    const timer = clock.setTimer(300 + random() * 1200, () => {
      timers.delete(uid);
      if (client.get(refOf("pods", pod))?.metadata.uid === uid) client.deleteIfPresent(refOf("pods", pod));
    });
    timers.set(uid, { timer, phase: ending });
  }

  /** The kubelet of a node that is not ready starts nothing. */
  function isSilent(name: string): boolean {
    const node = client.get({ plural: "nodes", namespace: "", name });
    if (node === undefined) return false;
    return listAt(node, "status", "conditions").some(({ type, status }) => type === "Ready" && status !== "True");
  }

  function current(pod: ApiObject): ApiObject {
    return client.get(refOf("pods", pod)) ?? pod;
  }

  function runMs({ metadata }: ApiObject): number {
    const seconds = Number(metadata.annotations?.[runSecondsAnnotation] ?? Number.NaN);
    return Number.isFinite(seconds) ? seconds * 1000 : 20_000 + random() * 20_000;
  }

  function now(): string {
    return new Date(clock.now()).toISOString().replace(/\.\d+/, "");
  }

  function address(): string {
    lastAddress++;
    return `10.64.${(lastAddress >> 8) & 255}.${lastAddress & 255}`;
  }

  for (const pod of client.list("pods")) look(pod);
  const unsubscribe = client.subscribe("pods", ({ type, object }) => {
    if (type === "DELETED") forget(object.object.metadata.uid ?? "");
    else look(object.object);
  });
  return () => {
    unsubscribe();
    for (const { timer } of timers.values()) timer.cancel();
  };
}

function running(pod: ApiObject, now: string, address: string): JsonObject {
  const met = ["Initialized", "Ready", "ContainersReady"].map((type) => condition(type, "True", { now }));
  return {
    phase: "Running",
    startTime: now,
    hostIP: "10.0.0.1",
    podIP: address,
    podIPs: [{ ip: address }],
    conditions: withConditions(pod, met),
    containerStatuses: containerStatuses(pod, { running: { startedAt: now } }),
  };
}

function succeeded(pod: ApiObject, now: string): JsonObject {
  const unmet = ["Ready", "ContainersReady"].map((type) => condition(type, "False", { now, reason: "PodCompleted" }));
  const startedAt = lookup(pod, "status", "startTime") ?? now;
  const terminated = { exitCode: 0, reason: "Completed", startedAt, finishedAt: now };
  return {
    phase: "Succeeded",
    conditions: withConditions(pod, unmet),
    containerStatuses: containerStatuses(pod, { terminated }),
  };
}

function condition(type: string, status: string, { now, reason }: { now: string; reason?: string }): JsonObject {
  return { type, status, lastProbeTime: null, lastTransitionTime: now, ...(reason === undefined ? {} : { reason }) };
}

function withConditions(pod: ApiObject, changed: readonly JsonObject[]): readonly JsonObject[] {
  const types = changed.map(({ type }) => type);
  const kept = listAt(pod, "status", "conditions").filter(({ type }) => !types.includes(type));
  return [...kept, ...changed];
}

function containerStatuses(pod: ApiObject, state: JsonObject): readonly JsonObject[] {
  const isRunning = state["running"] !== undefined;
  return listAt(objectAt(pod, "spec"), "containers").map((container) => ({
    name: textAt(container, "name"),
    image: textAt(container, "image"),
    imageID: "",
    ready: isRunning,
    started: isRunning,
    restartCount: 0,
    state,
  }));
}
