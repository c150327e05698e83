/** Words to write stories in. */
import { actionLabel } from "#lib/kube/index.ts";
import type { RecordedEvent, RecordedHint, RecordedObject, RecordedPlugin } from "#lib/queue/index.ts";
import { defaultTraceConfig } from "#lib/queue/index.ts";
import type { Operation, Scenario } from "../scenario.ts";

/** A story: operations with captions, and what is to be learnt from them. */
export interface Story {
  readonly id: string;
  readonly title: string;
  /** Two sentences. */
  readonly lesson: string;
  readonly scenario: Scenario;
  /** The step that it opens at. */
  readonly opensAt: number;
}

type Labels = Readonly<Record<string, string>>;

export function pod(name: string, priority: number, more: Partial<RecordedObject> = {}): RecordedObject {
  const [ns = "default", ownName = name] = name.includes("/") ? name.split("/") : [];
  return { kind: "Pod", name: ownName, ns, uid: ownName, rv: "1", priority, scheduler: "default-scheduler", ...more };
}

export function object(kind: string, name: string, labels?: Labels): RecordedObject {
  return { kind, name, ...(labels !== undefined && { labels }) };
}

export function event(resource: string, mask: number): RecordedEvent {
  return { resource, mask, label: resource + actionLabel(mask) };
}

export function plugin(
  name: string,
  events: readonly (readonly [RecordedEvent, RecordedHint])[],
  preEnqueue: RecordedPlugin["preEnqueue"] = null,
): RecordedPlugin {
  return { name, preEnqueue, events: events.map(([one, hint]) => ({ event: one, hint })) };
}

export function scenario(
  plugins: readonly RecordedPlugin[],
  given: readonly RecordedObject[],
  operations: readonly Operation[],
): Scenario {
  return { config: { ...defaultTraceConfig, plugins }, given, operations };
}

export const pop = (note?: string): Operation => ({ op: "pop", ...noted(note) });

export const done = (uid: string, note?: string): Operation => ({ op: "done", uid, ...noted(note) });

export const fail = (uid: string, plugins: readonly string[], note?: string): Operation => ({
  op: "fail",
  uid,
  plugins,
  ...noted(note),
});

/** Something was added or changed; what was deleted is handed over as `old`. */
export const happens = (what: RecordedEvent, updated: RecordedObject, note?: string): Operation => ({
  op: "moveAll",
  event: what,
  new: updated,
  ...noted(note),
});

export const goes = (what: RecordedEvent, old: RecordedObject, note?: string): Operation => ({
  op: "moveAll",
  event: what,
  old,
  ...noted(note),
});

export const flushBackoff = (note?: string): Operation => ({ op: "flushBackoff", ...noted(note) });

export const flushUnschedulable = (afterMs: number, note?: string): Operation => ({
  op: "flushUnschedulable",
  afterMs,
  ...noted(note),
});

function noted(note: string | undefined): { readonly note?: string } {
  return note === undefined ? {} : { note };
}
