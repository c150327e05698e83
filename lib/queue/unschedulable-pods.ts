import type { ObjectKey } from "#lib/kube/index.ts";
import type { QueueMetrics } from "./queue-metrics.ts";
import type { QueuedPodInfo } from "./queued-pod-info.ts";
import type { IncomingEvent, RegisteredEvents } from "./registered-events.ts";

type Group = Set<QueuedPodInfo>;

/**
 * The pool: parked records, rejected or gated. Each is filed under what can wake it, so that an event looks only at
 * records it may concern: a gated one under its gating plugin, a rejected one under its profile and each rejector, and
 * what every event may wake under "anybody".
 * Upstream: `unschedulable_pods.go`, which has the map only.
 */
export class UnschedulablePods {
  readonly #byKey = new Map<ObjectKey, QueuedPodInfo>();
  readonly #gated = new Map<string, Group>();
  readonly #rejected = new Map<string, Map<string, Group>>();
  readonly #anybody: Group = new Set();
  readonly #events: RegisteredEvents;
  readonly #metrics: QueueMetrics;
  #visits = 0;

  constructor(events: RegisteredEvents, metrics: QueueMetrics) {
    this.#events = events;
    this.#metrics = metrics;
  }

  /** Gated ones included. */
  get size(): number {
    return this.#byKey.size;
  }

  get gatedSize(): number {
    let size = 0;
    for (const group of this.#gated.values()) size += group.size;
    return size;
  }

  has(key: ObjectKey): boolean {
    return this.#byKey.has(key);
  }

  get(key: ObjectKey): QueuedPodInfo | undefined {
    return this.#byKey.get(key);
  }

  values(): IterableIterator<QueuedPodInfo> {
    return this.#byKey.values();
  }

  /** Records by the plugin that gates them. */
  *gatedBy(): IterableIterator<[plugin: string, infos: ReadonlySet<QueuedPodInfo>]> {
    for (const entry of this.#gated) if (entry[1].size > 0) yield entry;
  }

  /** Returns the record it replaces, if that is another one. */
  addOrUpdate(info: QueuedPodInfo, event: string): QueuedPodInfo | undefined {
    const known = this.#byKey.get(info.key);
    if (known === undefined) this.#metrics.incoming("unschedulable", event);
    else this.#unfile(known);
    this.#byKey.set(info.key, info);
    this.#file(info);
    return known === info ? undefined : known;
  }

  /** These instead of what is here; nobody came in by that. */
  restore(infos: readonly QueuedPodInfo[]): void {
    for (const key of this.#byKey.keys()) this.delete(key);
    for (const saved of infos) {
      const info = saved.copy();
      this.#byKey.set(info.key, info);
      this.#file(info);
    }
  }

  /** Removes and returns the record under this key. */
  delete(key: ObjectKey): QueuedPodInfo | undefined {
    const info = this.#byKey.get(key);
    if (info === undefined) return undefined;
    this.#byKey.delete(key);
    this.#unfile(info);
    return info;
  }

  /** Files a parked record anew after its rejectors or its gate changed. */
  refresh(info: QueuedPodInfo): void {
    if (this.#byKey.get(info.key) !== info) return;
    this.#unfile(info);
    this.#file(info);
  }

  /**
   * Visits each record that this event may wake, once, in no particular order. The visitor may take the record out and
   * put it back. Records it skips would stay: their plugins did not register the event.
   */
  forEachConcerned(incoming: IncomingEvent, visit: (info: QueuedPodInfo) => void): void {
    const visits = ++this.#visits;
    const visitOnce = (info: QueuedPodInfo): void => {
      if (info.poolVisit === visits) return;
      info.poolVisit = visits;
      if (!info.isGated || incoming.plugins.has(info.gatingPlugin)) visit(info);
    };
    if (incoming.isWildcard) {
      this.#byKey.forEach(visitOnce);
      return;
    }
    this.#anybody.forEach(visitOnce);
    for (const { profile, plugin } of incoming.listeners) this.#rejected.get(profile)?.get(plugin)?.forEach(visitOnce);
    for (const plugin of incoming.plugins) this.#gated.get(plugin)?.forEach(visitOnce);
  }

  /** Whether a parked record is filed where it belongs now: only `refresh` follows a change of its rejectors. */
  isFiledRight(info: QueuedPodInfo): boolean {
    const groups = info.poolGroups ?? [];
    const expected = this.#groupsFor(info);
    return groups.length === expected.length && expected.every((group) => groups.includes(group) && group.has(info));
  }

  #file(info: QueuedPodInfo): void {
    const groups = this.#groupsFor(info);
    for (const group of groups) group.add(info);
    info.poolGroups = groups;
    info.place = info.isGated ? "gated" : "unschedulable";
  }

  #unfile(info: QueuedPodInfo): void {
    for (const group of info.poolGroups ?? []) group.delete(info);
    info.poolGroups = undefined;
  }

  #groupsFor(info: QueuedPodInfo): Group[] {
    if (info.isGated) return [groupUnder(this.#gated, info.gatingPlugin)];
    if (!info.hasRejectors || !this.#events.hasProfile(info.schedulerName)) return [this.#anybody];
    let ofProfile = this.#rejected.get(info.schedulerName);
    if (ofProfile === undefined) {
      ofProfile = new Map();
      this.#rejected.set(info.schedulerName, ofProfile);
    }
    const groups: Group[] = [];
    for (const plugin of info.unschedulablePlugins) groups.push(groupUnder(ofProfile, plugin));
    for (const plugin of info.pendingPlugins) {
      if (!info.unschedulablePlugins.has(plugin)) groups.push(groupUnder(ofProfile, plugin));
    }
    return groups;
  }
}

function groupUnder(groups: Map<string, Group>, name: string): Group {
  let group = groups.get(name);
  if (group === undefined) {
    group = new Set();
    groups.set(name, group);
  }
  return group;
}
