import { apiStatusError, type ApiStatusError } from "#lib/informer/index.ts";
import { describeProblem } from "../../transport/index.ts";
import type { EndpointFinder, SchedulerEndpoint } from "../scheduler-endpoints.ts";

export function forbidden(message = "no"): ApiStatusError {
  return apiStatusError({ kind: "Status", code: 403, reason: "Forbidden", message }, 403);
}

/** The metrics of a kube-scheduler, set by the test and written as it writes them. */
export class FakeScheduler {
  readonly pending = { active: 0, backoff: 0, unschedulable: 0, gated: 0 };
  readonly inFlight = new Map<string, number>();
  /** By `queue/event`. */
  readonly incoming = new Map<string, number>();
  readonly attempts = new Map<string, number>();
  /** By `plugin/event/hint`. */
  readonly hints = new Map<string, number>();
  /** The search for a node, whatever came of it; absent as long as nobody was searched for. */
  algorithm: { readonly seconds: number; readonly attempts: number } | undefined;
  /** Attempts that found no node. */
  rejected: { readonly seconds: number; readonly attempts: number } | undefined;
  bindings = 0;
  isLeader: boolean | undefined = true;
  /** Answers every question, while it is set. */
  failure: Error | undefined;
  /** Asked and not answered, while it is set. */
  isSilent = false;
  configuration: unknown = { componentconfig: { Parallelism: 16 } };
  readonly asked: string[] = [];
  readonly address: string;

  constructor(address: string) {
    this.address = address;
  }

  get endpoint(): SchedulerEndpoint {
    return {
      address: this.address,
      metrics: (signal) => this.#answer("metrics", signal, () => this.#text()),
      configuration: (signal) => this.#answer("configuration", signal, () => this.configuration),
      problemOf: (error) => describeProblem(error),
    };
  }

  #answer<T>(what: string, signal: Parameters<SchedulerEndpoint["metrics"]>[0], answer: () => T): Promise<T> {
    this.asked.push(what);
    if (this.isSilent) {
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
      });
    }
    return this.failure === undefined ? Promise.resolve(answer()) : Promise.reject(this.failure);
  }

  #text(): string {
    const lines = ["# HELP of somebody", 'go_gc_duration_seconds{quantile="0"} 1.5e-05'];
    for (const [queue, count] of Object.entries(this.pending)) {
      lines.push(`scheduler_pending_pods{queue="${queue}"} ${count}`);
    }
    for (const [event, count] of this.inFlight) lines.push(`scheduler_inflight_events{event="${event}"} ${count}`);
    for (const [key, count] of this.incoming) {
      const [queue = "", event = ""] = key.split("/");
      lines.push(`scheduler_queue_incoming_pods_total{event="${event}",queue="${queue}"} ${count}`);
    }
    for (const [result, count] of this.attempts) {
      lines.push(`scheduler_schedule_attempts_total{profile="default-scheduler",result="${result}"} ${count}`);
    }
    for (const [key, count] of this.hints) {
      const [plugin = "", event = "", hint = ""] = key.split("/");
      const labels = `event="${event}",hint="${hint}",plugin="${plugin}"`;
      lines.push(`scheduler_queueing_hint_execution_duration_seconds_count{${labels}} ${count}`);
    }
    for (const [name, labels, of] of [
      ["scheduler_scheduling_algorithm_duration_seconds", "", this.algorithm],
      [
        "scheduler_scheduling_attempt_duration_seconds",
        '{profile="default-scheduler",result="unschedulable"}',
        this.rejected,
      ],
    ] as const) {
      if (of !== undefined) lines.push(`${name}_sum${labels} ${of.seconds}`, `${name}_count${labels} ${of.attempts}`);
    }
    lines.push(`scheduler_goroutines{operation="binding"} ${this.bindings}`, 'scheduler_goroutines{operation="x"} 9');
    if (this.isLeader !== undefined) {
      lines.push(`leader_election_master_status{name="kube-scheduler"} ${this.isLeader ? 1 : 0}`);
    }
    return `${lines.join("\n")}\n`;
  }
}

/** Finds these, or fails to look for them. */
export class FakeFinder implements EndpointFinder {
  readonly where = "kube-system";
  readonly schedulers: FakeScheduler[];
  failure: Error | undefined;
  isClosed = false;

  constructor(...schedulers: FakeScheduler[]) {
    this.schedulers = schedulers;
  }

  async find(): Promise<readonly SchedulerEndpoint[]> {
    if (this.failure !== undefined) throw this.failure;
    return this.schedulers.map(({ endpoint }) => endpoint);
  }

  problemOf(error: unknown) {
    return describeProblem(error);
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}
