import type { Logger } from "pino";
import type { Clock, Timer } from "#lib/clock/index.ts";
import {
  addHandlerRequest,
  type AddHandlerRequest,
  type ScenarioName,
  type SchedulerFault,
  type SchedulerRequest,
} from "#lib/protocol/index.ts";
import { defaultDurations } from "#lib/queue/index.ts";
import type { ClusterHandle } from "#server/hub/index.ts";

interface StageHandler {
  readonly informer: string;
  readonly request: AddHandlerRequest;
}

/** What a scenario needs on this side: handlers that are registered on its informers. */
interface Cast {
  readonly handlers: readonly StageHandler[];
  /** Owners that are done, and leave what they have. */
  readonly released?: readonly string[];
  /** Comes and goes, for so long each. */
  readonly guest?: StageHandler;
  /** How our own scheduler is set. */
  readonly scheduler?: SchedulerRequest;
}

const pods = "v1/pods";
const nodes = "v1/nodes";
const guestMs = 12_000;

const casts: Partial<Record<ScenarioName, Cast>> = {
  "slow-handler": {
    handlers: [
      { informer: pods, request: { kind: "count", owner: "autoscaler" } },
      { informer: pods, request: { kind: "slow", owner: "report-writer", delayMs: 250 } },
    ],
  },
  "leaked-handler": {
    handlers: [
      { informer: pods, request: { kind: "count", owner: "autoscaler" } },
      { informer: pods, request: { kind: "count", owner: "old-dashboard", times: 2 } },
      { informer: nodes, request: { kind: "tail", owner: "old-dashboard" } },
    ],
    released: ["old-dashboard"],
  },
  "shared-informer": {
    handlers: [{ informer: pods, request: { kind: "count", owner: "autoscaler" } }],
    guest: { informer: pods, request: { kind: "count", owner: "backup" } },
  },
  "in-flight": troubled({ kind: "bindings-hang", namespace: "in-flight" }),
  // Pods that come and go beside it are quick: an attempt is held against what is usual.
  "stuck-in-flight": troubled({ kind: "attempts-hang", namespace: "stuck-in-flight" }, { bindingMs: 500 }),
  lost: troubled({ kind: "pods-lost", namespace: "lost" }),
  "flush-overdue": troubled({ kind: "no-flush" }, { parkedMs: 5_000 }),
};

function troubled(fault: SchedulerFault, more: Omit<SchedulerRequest, "faults"> = {}): Cast {
  return { handlers: [], scheduler: { ...more, faults: [fault] } };
}

type Stage = Pick<ClusterHandle, "addHandler" | "removeHandler" | "releaseOwner">;

/** Of a scheduler that nobody has set. */
const untroubled: SchedulerRequest = { parkedMs: defaultDurations.podMaxInUnschedulablePodsMs, faults: [] };

/** How our own scheduler is set while this plays. */
export function schedulerFor(scenario: ScenarioName): SchedulerRequest {
  return { ...untroubled, ...casts[scenario]?.scheduler };
}

export interface ScenarioHandlersOptions {
  readonly scenario: ScenarioName;
  readonly stage: Stage;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The handlers of one scenario. They are ordinary ones: whoever looks at the informers may remove them before we do. */
export class ScenarioHandlers {
  readonly #stage: Stage;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #registrations = new Set<number>();
  #guest: number | undefined;
  #guestTimer: Timer | undefined;
  #hasEnded = false;
  readonly #begun: Promise<void>;

  constructor({ scenario, stage, clock, logger }: ScenarioHandlersOptions) {
    this.#stage = stage;
    this.#clock = clock;
    this.#logger = logger;
    this.#begun = this.#begin(casts[scenario]).catch((error: unknown) => {
      this.#logger.warn({ error, scenario }, "a handler of the scenario is missing");
    });
  }

  /** Those that are still there are removed. */
  async end(): Promise<void> {
    this.#hasEnded = true;
    this.#guestTimer?.cancel();
    await this.#begun;
    await Promise.all([...this.#registrations].map((registration) => this.#remove(registration)));
  }

  async #begin(cast: Cast | undefined): Promise<void> {
    if (cast === undefined) return;
    for (const handler of cast.handlers) await this.#add(handler);
    for (const owner of cast.released ?? []) await this.#stage.releaseOwner(owner);
    if (cast.guest !== undefined) await this.#comeAndGo(cast.guest);
  }

  async #comeAndGo(guest: StageHandler): Promise<void> {
    if (this.#hasEnded) return;
    if (this.#guest === undefined) this.#guest = await this.#add(guest);
    else {
      await this.#remove(this.#guest);
      this.#guest = undefined;
    }
    if (this.#hasEnded) return;
    this.#guestTimer = this.#clock.setTimer(guestMs, () => {
      this.#comeAndGo(guest).catch((error: unknown) => this.#logger.warn({ error }, "the guest did not come"));
    });
  }

  async #add({ informer, request }: StageHandler): Promise<number | undefined> {
    const { registrations } = await this.#stage.addHandler(informer, addHandlerRequest.parse(request));
    for (const registration of registrations) this.#registrations.add(registration);
    return registrations[0];
  }

  async #remove(registration: number): Promise<void> {
    this.#registrations.delete(registration);
    // Somebody may have removed it, or the worker is gone, and all handlers with it.
    await this.#stage.removeHandler(registration).catch(() => undefined);
  }
}
