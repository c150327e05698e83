import type { Instant } from "#lib/clock/index.ts";
import type { Pod } from "#lib/kube/index.ts";
import type { CacheVersions } from "../cluster-cache.ts";
import { firstRejection, type NominatedPods } from "../cycle.ts";
import { isRejected, unresolvable, type Status } from "../framework.ts";
import type { NodeInfo } from "../node-info.ts";
import { nominatedNodeName } from "../pod-info.ts";
import { hasClaimOrEphemeralVolume } from "../pod-volumes.ts";
import { isDeviceFilter } from "../plugins/device-filter.ts";
import { preparePod, type Preparation, type PreparedPod } from "../prepared-pod.ts";
import type { Profile } from "../profile.ts";
import type { Snapshot } from "../snapshot.ts";
import { NodePatterns, type Pattern } from "./node-patterns.ts";
import { NodeSlots } from "./node-slots.ts";

export interface EvaluationOptions {
  readonly profile: Profile;
  readonly snapshot: Snapshot & { readonly versions: CacheVersions };
  readonly nominatedPods: NominatedPods;
}

const nodesPerSlice = 256;
/** Looking for devices takes long. */
const nodesPerSliceWithDevices = 16;

/**
 * What every filter plugin says of every node about pods of one shape, kept up to date: a node is asked about again
 * when it has changed, all of them when something has that a plugin looks at beside the node.
 */
export class Evaluation {
  /** Stands for all pods of the shape. */
  readonly pod: Pod;
  readonly asksForDevices: boolean;
  readonly #readsOthers: boolean;
  #preparation: Preparation | undefined;
  #versions: CacheVersions | undefined;
  readonly #patterns: NodePatterns;
  /** Judged with pods in mind that are only nominated there: to be looked at again next time. */
  readonly #rivalled = new Set<NodeInfo>();
  #nodeCount = 0;
  /** PreFilter could not tell. */
  #unprepared: string | undefined;
  /** What reading them threw. */
  readonly #unreadable = new Map<NodeInfo, string>();
  /** Named where PreFilter left nodes out. */
  #leftOutBy = "";
  #fitsSince: Instant | undefined;
  #version = 0;

  /** @param slots shared by evaluations of the same nodes */
  constructor(pod: Pod, slots = new NodeSlots()) {
    this.pod = pod;
    this.asksForDevices = asksForDevices(pod);
    this.#readsOthers = readsOthers(pod);
    this.#patterns = new NodePatterns(slots);
  }

  get isNominated(): boolean {
    return nominatedNodeName(this.pod) !== "";
  }

  /** Grows when the outcome for some node changes. */
  get version(): number {
    return this.#version;
  }

  get nodeCount(): number {
    return this.#nodeCount;
  }

  /** Nodes that take the pod. */
  get fits(): number {
    return this.#patterns.fits;
  }

  /** The first of them by name. */
  get firstFitting(): string | undefined {
    return this.#patterns.firstFitting;
  }

  /** Since when some node takes it, without interruption as far as it was looked at. */
  get fitsSince(): Instant | undefined {
    return this.#fitsSince;
  }

  /** Why no judgement is possible. */
  get failure(): string | undefined {
    if (this.#unprepared !== undefined) return this.#unprepared;
    for (const message of this.#unreadable.values()) return message;
    // A plugin that breaks down where another one rejected before it is not asked by a real attempt.
    for (const { first } of this.#patterns.patterns()) {
      if (first?.plugin === undefined || isRejected(first.status)) continue;
      return `running "${first.plugin}" filter plugin: ${first.status.reasons.join(", ")}`;
    }
    return undefined;
  }

  /** Set where PreFilter ended the attempt. Without a plugin, several that have no node in common. */
  get preFilter(): { readonly plugin: string | undefined; readonly status: Status } | undefined {
    const preparation = this.#preparation;
    if (preparation?.kind === "rejected") return preparation.by;
    return preparation?.kind === "conflicting" ? { plugin: undefined, status: preparation.status } : undefined;
  }

  get prepared(): PreparedPod | undefined {
    return this.#preparation?.kind === "ready" ? this.#preparation.prepared : undefined;
  }

  /** In no particular order. */
  patterns(): Iterable<Pattern> {
    return this.#patterns.patterns();
  }

  patternOf(node: NodeInfo): Pattern | undefined {
    return this.#patterns.of(node);
  }

  nodes(): IterableIterator<readonly [NodeInfo, Pattern]> {
    return this.#patterns.nodes();
  }

  /** Of patterns that are meant. Asks about each pattern once, which is much less than about each node. */
  nodesWhere(isMeant: (pattern: Pattern) => boolean): readonly NodeInfo[] {
    return this.#patterns.nodesWhere(isMeant);
  }

  /** The one of them that has most free of a resource; of equal ones the first by name. */
  mostFree(
    resource: string,
    { versions }: EvaluationOptions["snapshot"],
    isMeant: (pattern: Pattern) => boolean,
  ): NodeInfo | undefined {
    return this.#patterns.mostFree(resource, versions.placed, isMeant);
  }

  /** Brings it up to date. Each step is short, so that others can have their turn between two. */
  *update({ profile, snapshot, nominatedPods }: EvaluationOptions, now: Instant): IterableIterator<void> {
    if (this.#patterns.isVoid) this.#forgetNodes();
    this.#prepare(profile, snapshot);
    this.#nodeCount = snapshot.nodeCount;
    const prepared = this.prepared;
    if (prepared === undefined) {
      this.#forgetNodes();
    } else {
      this.#nameWhoLeavesOut(prepared, snapshot, nominatedPods);
      const perSlice = isDeviceFilter(prepared.filterOf("DynamicResources")) ? nodesPerSliceWithDevices : nodesPerSlice;
      let left = perSlice;
      const nodes = [...snapshot.nodes()]; // they may come and go between two steps
      for (const node of nodes) {
        if (node.node === undefined) continue;
        this.#look(node, prepared, nominatedPods);
        if (--left > 0) continue;
        left = perSlice;
        yield;
      }
      for (const [node] of this.#patterns.nodes())
        if (node.node === undefined || snapshot.node(node.name) !== node) this.#forget(node);
    }
    this.#noteFit(now);
  }

  /** Whether all nodes have to be asked about again; else {@link lookAgain} at those that changed is enough. */
  isOld({ versions }: EvaluationOptions["snapshot"]): boolean {
    if (this.#versions === undefined || this.#preparation === undefined || this.#patterns.isVoid) return true;
    return this.#isNominatedAndNarrowed || this.#isOld(this.#versions, versions);
  }

  /** One node came, changed or went: asks about it alone. */
  lookAgain(node: NodeInfo, { snapshot, nominatedPods }: EvaluationOptions, now: Instant): void {
    const prepared = this.prepared;
    this.#nodeCount = snapshot.nodeCount;
    if (prepared === undefined) return;
    if (snapshot.node(node.name) === node) this.#look(node, prepared, nominatedPods);
    else this.#forget(node);
    this.#noteFit(now);
  }

  /** Then what is said of all nodes that were left out depends on the nominated one. */
  get #isNominatedAndNarrowed(): boolean {
    return this.prepared?.nodeNames !== undefined && this.isNominated;
  }

  /** Kept oddity: a nominated node is tried even if it was left out, and who rejects it is named with those who narrowed. */
  #nameWhoLeavesOut(prepared: PreparedPod, snapshot: Snapshot, nominatedPods: NominatedPods): void {
    const names = new Set(prepared.narrowingPlugins);
    const nominated = snapshot.node(nominatedNodeName(this.pod));
    if (nominated !== undefined && prepared.nodeNames !== undefined) {
      const rejection = safely(() => firstRejection(this.pod, prepared, nominated, nominatedPods));
      if (typeof rejection === "object") names.add(rejection.plugin);
    }
    const before = this.#leftOutBy;
    this.#leftOutBy = [...names].sort().join(" ");
    if (before !== this.#leftOutBy) this.#patterns.doubtAll();
  }

  #noteFit(now: Instant): void {
    this.#fitsSince = this.fits > 0 && this.failure === undefined ? (this.#fitsSince ?? now) : undefined;
  }

  #prepare(profile: Profile, snapshot: EvaluationOptions["snapshot"]): void {
    const { versions } = snapshot;
    const before = this.#versions;
    const isFirst = before === undefined || this.#preparation === undefined;
    if (!isFirst && !this.#isOld(before, versions)) return;
    this.#versions = versions;
    const wasLookingAround = this.prepared?.looksAround === true;
    const preparation = safely(() => preparePod(profile, this.pod, snapshot));
    this.#version++;
    this.#unreadable.clear();
    if (typeof preparation === "string") {
      this.#unprepared = preparation;
      return;
    }
    this.#preparation = preparation;
    this.#unprepared = preparation.kind === "failed" ? preparation.message : undefined;
    const isSame =
      !isFirst &&
      before.others === versions.others &&
      !wasLookingAround &&
      preparation.kind === "ready" &&
      !preparation.prepared.looksAround;
    if (!isSame) this.#patterns.doubtAll();
  }

  /** Whether something has changed that a plugin read when it prepared the pod. */
  #isOld(before: CacheVersions, now: CacheVersions): boolean {
    if (before.antiAffinity !== now.antiAffinity) return true;
    if (before.others !== now.others && this.#readsOthers) return true;
    const isAboutPods = this.prepared === undefined || this.prepared.looksAround;
    return isAboutPods && (before.surroundings !== now.surroundings || before.others !== now.others);
  }

  #look(node: NodeInfo, prepared: PreparedPod, nominatedPods: NominatedPods): void {
    const hasRivals = nominatedPods(node.name).length > 0;
    if (!hasRivals && !this.#rivalled.has(node) && this.#patterns.isCurrent(node)) return;
    const found = safely(() => this.#judge(node, prepared, nominatedPods, hasRivals));
    if (typeof found === "string") {
      this.#unreadable.set(node, found);
      this.#version++;
      return;
    }
    if (this.#unreadable.delete(node)) this.#version++;
    if (hasRivals) this.#rivalled.add(node);
    else this.#rivalled.delete(node);
    if (this.#patterns.set(node, found)) this.#version++;
  }

  #judge(
    node: NodeInfo,
    prepared: PreparedPod,
    nominatedPods: NominatedPods,
    hasRivals: boolean,
  ): Omit<Pattern, "count"> {
    const alone = prepared.allRejections(node);
    const rivalled = hasRivals ? firstRejection(this.pod, prepared, node, nominatedPods) : alone[0];
    const all = rivalled !== undefined && alone.length === 0 ? [rivalled] : alone;
    if (prepared.nodeNames?.has(node.name) === false && node.name !== nominatedNodeName(this.pod)) {
      const status = unresolvable(`node(s) didn't satisfy plugin(s) [${this.#leftOutBy}]`);
      return { first: { plugin: undefined, status }, all };
    }
    return { first: rivalled, all };
  }

  #forget(node: NodeInfo): void {
    this.#rivalled.delete(node);
    const wasUnreadable = this.#unreadable.delete(node);
    if (this.#patterns.delete(node) || wasUnreadable) this.#version++;
  }

  #forgetNodes(): void {
    this.#rivalled.clear();
    this.#unreadable.clear();
    if (this.#patterns.clear()) this.#version++;
  }
}

/** Its plugins look up more than nodes and pods. */
function readsOthers(pod: Pod): boolean {
  const { spec } = pod;
  if (hasClaimOrEphemeralVolume(pod) || asksForDevices(pod)) return true;
  return spec?.affinity?.podAffinity !== undefined || spec?.affinity?.podAntiAffinity !== undefined;
}

/** Through claims, or as extended resources. */
function asksForDevices({ spec }: Pod): boolean {
  if ((spec?.resourceClaims ?? []).length > 0) return true;
  return [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].some(({ resources }) =>
    Object.keys(resources?.requests ?? {}).some((name) => name.includes("/")),
  );
}

/** An object that cannot be read is a failure of this pod alone. */
function safely<T>(judge: () => T): T | string {
  try {
    return judge();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
