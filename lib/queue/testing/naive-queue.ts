/**
 * The queue's promises written down as plainly as possible, to be compared with the real one: every pod is one entry
 * with a place, and every pod in flight has a list of its own of what happened since it took off. Nothing is shared,
 * indexed or cached.
 */

export type NaivePlace = "active" | "backoff" | "errorBackoff" | "parked" | "gated" | "flying";
export type Labels = Readonly<Record<string, string>>;

export interface NaiveEvent {
  readonly name: string;
  readonly labels: Labels;
}

/** Whether a plugin wants a pod with these labels retried because of the event. */
export type NaiveHint = (pod: Labels, event: NaiveEvent) => boolean;

export interface NaivePod {
  readonly uid: string;
  readonly key: string;
  labels: Labels;
  priority: number;
  place: NaivePlace;
  timestamp: number;
  attempts: number;
  rejections: number;
  errors: number;
  plugins: readonly string[];
  pending: readonly string[];
  gate: string | undefined;
  /** While it flies. */
  seen: NaiveEvent[];
}

export interface NaiveRules {
  /** Event name to plugin to hint. */
  readonly hints: Readonly<Record<string, Readonly<Record<string, NaiveHint>>>>;
  /** Plugin to whether it holds a pod with these labels back. */
  readonly gates: Readonly<Record<string, (labels: Labels) => boolean>>;
  readonly isEarlyPop: boolean;
  readonly initialBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly maxParkedMs: number;
}

/** Meant for every rejected pod, unless it names one. */
const wildcards: ReadonlySet<string> = new Set(["ForceActivate", "UnschedulableTimeout"]);

type Verdict = "skip" | "afterBackoff" | "immediately";

export class NaiveQueue {
  readonly #rules: NaiveRules;
  pods: NaivePod[] = [];
  now: number;
  schedulingCycle = 0;
  moveRequestCycle = -1;

  constructor(rules: NaiveRules, now: number) {
    this.#rules = rules;
    this.now = now;
  }

  in(...places: readonly NaivePlace[]): NaivePod[] {
    return this.pods.filter((pod) => places.includes(pod.place));
  }

  flying(uid: string): NaivePod | undefined {
    return this.in("flying").find((pod) => pod.uid === uid);
  }

  queued(key: string): NaivePod | undefined {
    return this.pods.find((pod) => pod.key === key && pod.place !== "flying");
  }

  add(uid: string, key: string, labels: Labels, priority: number): void {
    const known = this.queued(key);
    const pod: NaivePod = {
      uid,
      key,
      labels,
      priority,
      place: "active",
      timestamp: this.now,
      attempts: 0,
      rejections: 0,
      errors: 0,
      plugins: [],
      pending: [],
      gate: undefined,
      seen: [],
    };
    this.#toActive(pod);
    const isHidden = known !== undefined && known.place !== "parked" && known.place !== "gated";
    if (pod.place === "gated" && isHidden) return;
    this.pods = this.pods.filter((other) => other !== known);
    this.pods.push(pod);
  }

  update(uid: string, key: string, labels: Labels, priority: number, change: string): void {
    const event = { name: change, labels };
    if (this.flying(uid) !== undefined) {
      this.#record(event);
      return;
    }
    const pod = this.queued(key);
    if (pod === undefined) {
      this.add(uid, key, labels, priority);
      return;
    }
    const updated = { ...pod, uid, labels, priority };
    this.pods = this.pods.map((other) => (other === pod ? updated : other));
    if (pod.place === "parked" || pod.place === "gated") this.#requeue(updated, this.#worth(updated, event));
  }

  delete(key: string): void {
    this.pods = this.pods.filter((pod) => pod.key !== key || pod.place === "flying");
  }

  /** The pod to be tried next. A duplicate of one in flight is dropped. */
  pop(): NaivePod | undefined {
    for (;;) {
      const pod = this.#next();
      if (pod === undefined || this.#takeOff(pod)) return pod;
    }
  }

  popSpecific(key: string): NaivePod | undefined {
    const pod = this.queued(key);
    if (pod === undefined) return undefined;
    this.#activateQueued(pod);
    return pod.place === "active" && this.#takeOff(pod) ? pod : undefined;
  }

  done(uid: string): void {
    this.pods = this.pods.filter((pod) => pod.place !== "flying" || pod.uid !== uid);
  }

  /** Hand-back. Whether it was taken: a pod whose key is queued already is not. */
  fail(uid: string, plugins: readonly string[], pending: readonly string[]): boolean {
    const pod = this.flying(uid);
    if (pod === undefined) throw new Error(`${uid} does not fly`);
    if (this.queued(pod.key) !== undefined) {
      this.done(uid);
      return false;
    }
    const { seen } = pod;
    Object.assign(pod, { plugins, pending, gate: undefined, timestamp: this.now, seen: [] });
    if (plugins.length + pending.length === 0) {
      pod.errors++;
      this.#requeue(pod, "afterBackoff");
      return true;
    }
    pod.errors = 0;
    pod.rejections++;
    const verdicts = seen.map((event) => this.#worth(pod, event));
    this.#requeue(pod, strongest(verdicts));
    return true;
  }

  event(event: NaiveEvent): void {
    if (this.#rules.hints[event.name] === undefined) return;
    this.#move(this.in("parked", "gated"), event);
  }

  activate(uid: string, key: string): void {
    if (this.#activateQueued(this.queued(key))) return;
    if (this.flying(uid) !== undefined) this.#record({ name: "ForceActivate", labels: { uid } });
    this.moveRequestCycle = this.schedulingCycle;
  }

  flushBackoff(): void {
    for (const pod of this.in("backoff", "errorBackoff")) {
      if (this.#isBackingOff(pod)) continue;
      if (this.#rules.isEarlyPop) pod.place = "active";
      else this.#toActive(pod);
    }
  }

  flushUnschedulable(): void {
    const leftover = this.in("parked", "gated").filter((pod) => this.now - pod.timestamp > this.#rules.maxParkedMs);
    if (leftover.length > 0) this.#move(leftover, { name: "UnschedulableTimeout", labels: {} });
  }

  /** `undefined` where there is no backoff. */
  backoffEnd(pod: NaivePod): number | undefined {
    const failures = pod.errors > 0 ? pod.errors : pod.rejections;
    if (failures === 0 || this.#rules.maxBackoffMs === 0) return undefined;
    const duration = Math.min(this.#rules.initialBackoffMs * 2 ** (failures - 1), this.#rules.maxBackoffMs);
    return this.#window(pod.timestamp + duration);
  }

  /** In the order of `pop`. */
  activeInOrder(): NaivePod[] {
    return this.in("active").sort(byPriorityThenAge);
  }

  #next(): NaivePod | undefined {
    const [active] = this.activeInOrder();
    if (active !== undefined || !this.#rules.isEarlyPop) return active;
    const end = (pod: NaivePod): number => this.backoffEnd(pod) ?? 0;
    return this.in("backoff").sort((a, b) => end(a) - end(b) || byPriorityThenAge(a, b))[0];
  }

  #takeOff(pod: NaivePod): boolean {
    pod.attempts++;
    if (this.flying(pod.uid) !== undefined) {
      this.pods = this.pods.filter((other) => other !== pod);
      return false;
    }
    this.schedulingCycle++;
    pod.place = "flying";
    pod.seen = [];
    this.pods = [...this.pods.filter((other) => other !== pod), pod]; // flights in the order of their take-off
    return true;
  }

  /** Every pod in flight sees it. */
  #record(event: NaiveEvent): void {
    for (const pod of this.in("flying")) pod.seen.push(event);
  }

  #move(pods: readonly NaivePod[], event: NaiveEvent): void {
    for (const pod of pods) {
      if (pod.gate !== undefined && this.#rules.hints[event.name]?.[pod.gate] === undefined) continue;
      const verdict = this.#worth(pod, event);
      if (verdict !== "skip") this.#requeue(pod, verdict);
    }
    this.moveRequestCycle = this.schedulingCycle;
    this.#record(event);
  }

  #worth(pod: NaivePod, event: NaiveEvent): Verdict {
    if (pod.plugins.length + pod.pending.length === 0) return "afterBackoff";
    if (wildcards.has(event.name)) {
      const target = event.labels["uid"];
      return target === undefined || target === pod.uid ? "afterBackoff" : "skip";
    }
    const saysQueue = (plugin: string): boolean =>
      this.#rules.hints[event.name]?.[plugin]?.(pod.labels, event) === true;
    if (pod.pending.some(saysQueue)) return "immediately";
    return pod.plugins.some(saysQueue) ? "afterBackoff" : "skip";
  }

  #requeue(pod: NaivePod, verdict: Verdict): void {
    if (verdict === "skip") pod.place = pod.gate === undefined ? "parked" : "gated";
    else if (verdict === "afterBackoff" && this.#isBackingOff(pod)) this.#toBackoff(pod);
    else this.#toActive(pod);
  }

  #toActive(pod: NaivePod): void {
    pod.place = this.#isHeldBack(pod) ? "gated" : "active";
  }

  #toBackoff(pod: NaivePod): void {
    if (this.#rules.isEarlyPop && this.#isHeldBack(pod)) pod.place = "gated";
    else pod.place = pod.plugins.length + pod.pending.length === 0 ? "errorBackoff" : "backoff";
  }

  /** Whether the pod became active by it. */
  #activateQueued(pod: NaivePod | undefined): boolean {
    if (pod === undefined || pod.place === "active") return false;
    const isBackingOff = pod.place === "backoff" || pod.place === "errorBackoff";
    if (isBackingOff && this.#rules.isEarlyPop) pod.place = "active";
    else this.#toActive(pod);
    return this.in("active").includes(pod);
  }

  #isHeldBack(pod: NaivePod): boolean {
    pod.gate = Object.keys(this.#rules.gates).find((plugin) => this.#rules.gates[plugin]?.(pod.labels) === true);
    if (pod.gate !== undefined && !pod.plugins.includes(pod.gate)) pod.plugins = [...pod.plugins, pod.gate];
    return pod.gate !== undefined;
  }

  #isBackingOff(pod: NaivePod): boolean {
    const end = this.backoffEnd(pod);
    return end !== undefined && end >= this.#window(this.now);
  }

  #window(instant: number): number {
    return this.#rules.isEarlyPop ? Math.floor(instant / 1000) * 1000 : instant;
  }
}

function byPriorityThenAge(a: NaivePod, b: NaivePod): number {
  return b.priority - a.priority || a.timestamp - b.timestamp;
}

function strongest(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("immediately")) return "immediately";
  return verdicts.includes("afterBackoff") ? "afterBackoff" : "skip";
}
