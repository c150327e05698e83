import type { Instant } from "#lib/clock/index.ts";
import type { Pod } from "#lib/kube/index.ts";
import type { CacheVersions } from "../cluster-cache.ts";
import { firstRejection, type NominatedPods } from "../cycle.ts";
import { isRejected, unresolvable, type Status } from "../framework.ts";
import type { NodeInfo } from "../node-info.ts";
import { nominatedNodeName } from "../pod-info.ts";
import { hasClaimOrEphemeralVolume } from "../pod-volumes.ts";
import { preparePod, type PluginStatus, type Preparation, type PreparedPod } from "../prepared-pod.ts";
import type { Profile } from "../profile.ts";
import type { Snapshot } from "../snapshot.ts";

/** What all plugins say of a node, shared by all nodes of which they say the same. */
export interface Pattern {
  /** The one that counts; without a plugin the node was left out before any filter looked at it. */
  readonly first: { readonly plugin: string | undefined; readonly status: Status } | undefined;
  /** Each plugin by itself, in profile order. */
  readonly all: readonly PluginStatus[];
  /** Nodes that have it now. */
  count: number;
}

interface Judged {
  generation: number;
  pattern: Pattern;
  /** With pods in mind that are only nominated there: to be looked at again next time. */
  hasRivals: boolean;
}

export interface EvaluationOptions {
  readonly profile: Profile;
  readonly snapshot: Snapshot & { readonly versions: CacheVersions };
  readonly nominatedPods: NominatedPods;
}

const nodesPerSlice = 256;

/**
 * What every filter plugin says of every node about pods of one shape, kept up to date: a node is asked about again
 * when it has changed, all of them when something has that a plugin looks at beside the node.
 */
export class Evaluation {
  /** Stands for all pods of the shape. */
  readonly pod: Pod;
  #preparation: Preparation | undefined;
  #versions: CacheVersions | undefined;
  readonly #judged = new Map<NodeInfo, Judged>();
  readonly #patterns = new Map<string, Pattern>();
  readonly #fitting = new Set<NodeInfo>();
  #nodeCount = 0;
  #failure: string | undefined;
  /** Named where PreFilter left nodes out. */
  #leftOutBy = "";
  #fitsSince: Instant | undefined;
  #version = 0;

  constructor(pod: Pod) {
    this.pod = pod;
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
    return this.#fitting.size;
  }

  /** In no particular order. */
  fitting(): Iterable<NodeInfo> {
    return this.#fitting;
  }

  /** Since when some node takes it, without interruption as far as it was looked at. */
  get fitsSince(): Instant | undefined {
    return this.#fitsSince;
  }

  /** Why no judgement is possible. */
  get failure(): string | undefined {
    return this.#failure;
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
    return this.#patterns.values();
  }

  patternOf(node: NodeInfo): Pattern | undefined {
    return this.#judged.get(node)?.pattern;
  }

  *nodes(): IterableIterator<readonly [NodeInfo, Pattern]> {
    for (const [node, { pattern }] of this.#judged) yield [node, pattern];
  }

  /** Brings it up to date. Each step is short, so that others can have their turn between two. */
  *update({ profile, snapshot, nominatedPods }: EvaluationOptions, now: Instant): IterableIterator<void> {
    this.#prepare(profile, snapshot);
    this.#nodeCount = snapshot.nodeCount;
    const prepared = this.prepared;
    if (prepared === undefined) {
      this.#forgetNodes();
    } else {
      this.#nameWhoLeavesOut(prepared, snapshot, nominatedPods);
      let left = nodesPerSlice;
      const nodes = [...snapshot.nodes()]; // they may come and go between two steps
      for (const node of nodes) {
        if (node.node === undefined) continue;
        this.#look(node, prepared, nominatedPods);
        if (--left > 0) continue;
        left = nodesPerSlice;
        yield;
      }
      for (const node of this.#judged.keys())
        if (node.node === undefined || snapshot.node(node.name) !== node) this.#forget(node);
    }
    this.#noteFit(now);
  }

  /** Whether all nodes have to be asked about again; else {@link lookAgain} at those that changed is enough. */
  isOld({ versions }: EvaluationOptions["snapshot"]): boolean {
    if (this.#versions === undefined || this.#preparation === undefined) return true;
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
    return this.prepared?.nodeNames !== undefined && nominatedNodeName(this.pod) !== "";
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
    if (before === this.#leftOutBy) return;
    for (const judged of this.#judged.values()) judged.generation = -1;
  }

  #noteFit(now: Instant): void {
    this.#fitsSince = this.fits > 0 && this.#failure === undefined ? (this.#fitsSince ?? now) : undefined;
  }

  #prepare(profile: Profile, snapshot: EvaluationOptions["snapshot"]): void {
    const { versions } = snapshot;
    const before = this.#versions;
    const isFirst = before === undefined || this.#preparation === undefined;
    if (!isFirst && !this.#isOld(before, versions)) return;
    this.#versions = versions;
    const wasLookingAround = this.prepared?.looksAround === true;
    const preparation = safely(() => preparePod(profile, this.pod, snapshot));
    if (typeof preparation === "string") {
      this.#fail(preparation);
      return;
    }
    this.#preparation = preparation;
    this.#failure = preparation.kind === "failed" ? preparation.message : undefined;
    this.#version++;
    const isSame =
      !isFirst &&
      before.others === versions.others &&
      !wasLookingAround &&
      preparation.kind === "ready" &&
      !preparation.prepared.looksAround;
    if (!isSame) for (const judged of this.#judged.values()) judged.generation = -1;
  }

  /** Whether something has changed that a plugin read when it prepared the pod. */
  #isOld(before: CacheVersions, now: CacheVersions): boolean {
    if (before.antiAffinity !== now.antiAffinity) return true;
    if (before.others !== now.others && readsOthers(this.pod)) return true;
    const isAboutPods = this.prepared === undefined || this.prepared.looksAround;
    return isAboutPods && (before.surroundings !== now.surroundings || before.others !== now.others);
  }

  #look(node: NodeInfo, prepared: PreparedPod, nominatedPods: NominatedPods): void {
    const hasRivals = nominatedPods(node.name).length > 0;
    const judged = this.#judged.get(node);
    if (judged !== undefined && judged.generation === node.generation && !judged.hasRivals && !hasRivals) return;
    const found = safely(() => this.#judge(node, prepared, nominatedPods, hasRivals));
    if (typeof found === "string") {
      this.#fail(found);
      return;
    }
    const pattern = this.#intern(found);
    if (judged === undefined) {
      this.#judged.set(node, { generation: node.generation, pattern, hasRivals });
    } else {
      judged.generation = node.generation;
      judged.hasRivals = hasRivals;
      if (judged.pattern === pattern) return;
      this.#leave(judged.pattern);
      judged.pattern = pattern;
    }
    pattern.count++;
    if (pattern.first === undefined) this.#fitting.add(node);
    else this.#fitting.delete(node);
    this.#version++;
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
    const broken = all.find(({ status }) => !isRejected(status));
    if (broken !== undefined) {
      this.#failure = `running "${broken.plugin}" filter plugin: ${broken.status.reasons.join(", ")}`;
    }
    if (prepared.nodeNames?.has(node.name) === false && node.name !== nominatedNodeName(this.pod)) {
      const status = unresolvable(`node(s) didn't satisfy plugin(s) [${this.#leftOutBy}]`);
      return { first: { plugin: undefined, status }, all };
    }
    return { first: rivalled, all };
  }

  #intern(found: Omit<Pattern, "count">): Pattern {
    const parts = found.all.map(({ plugin, status }) => `${plugin}\n${status.code}\n${status.reasons.join("\n")}`);
    const key = `${found.first?.plugin ?? ""}${found.first === undefined ? "fits" : found.first.status.reasons.join("\n")}\t${parts.join("\t")}`;
    let pattern = this.#patterns.get(key);
    if (pattern === undefined) {
      pattern = { ...found, count: 0 };
      this.#patterns.set(key, pattern);
    }
    return pattern;
  }

  #forget(node: NodeInfo): void {
    const judged = this.#judged.get(node);
    if (judged === undefined) return;
    this.#judged.delete(node);
    this.#fitting.delete(node);
    this.#leave(judged.pattern);
    this.#version++;
  }

  #forgetNodes(): void {
    if (this.#judged.size === 0) return;
    this.#judged.clear();
    this.#patterns.clear();
    this.#fitting.clear();
    this.#version++;
  }

  #leave(pattern: Pattern): void {
    pattern.count--;
    if (pattern.count > 0) return;
    for (const [key, each] of this.#patterns) if (each === pattern) this.#patterns.delete(key);
  }

  #fail(message: string): void {
    this.#failure = message;
    this.#version++;
  }
}

/** It has claims, devices, extended resources or affinity terms: what its plugins look up beside nodes and pods. */
function readsOthers(pod: Pod): boolean {
  const { spec } = pod;
  if (hasClaimOrEphemeralVolume(pod) || (spec?.resourceClaims ?? []).length > 0) return true;
  if (spec?.affinity?.podAffinity !== undefined || spec?.affinity?.podAntiAffinity !== undefined) return true;
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
