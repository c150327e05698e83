import type { Clock, Instant } from "#lib/clock/index.ts";
import type { ExecPlugin } from "#server/cluster/kubeconfig/index.ts";
import { ExecNotApprovedError } from "./credential-errors.ts";
import type { ExecStatus } from "./exec-runner.ts";

/** A credential is renewed this much before it expires, so that it does not do so on its way. */
const earlyMs = 10_000;
/** After a failure nobody starts the command again for this time: everybody gets the same answer. */
const failurePauseMs = 5000;

interface Failure {
  readonly error: unknown;
  readonly at: Instant;
}

/**
 * What an exec plugin answered, kept until it expires or is refused. However many requests wait, the command runs
 * once. It never runs unless its hash is approved, which is asked every time: an approval can be taken back.
 */
export class ExecCredentials {
  readonly #plugin: ExecPlugin;
  readonly #clock: Clock;
  readonly #isApproved: (hash: string) => boolean;
  readonly #run: () => Promise<ExecStatus>;
  #current: ExecStatus | undefined;
  #failure: Failure | undefined;
  #running: Promise<ExecStatus> | undefined;

  constructor(
    plugin: ExecPlugin,
    options: {
      readonly clock: Clock;
      readonly isApproved: (hash: string) => boolean;
      readonly run: () => Promise<ExecStatus>;
    },
  ) {
    this.#plugin = plugin;
    this.#clock = options.clock;
    this.#isApproved = options.isApproved;
    this.#run = options.run;
  }

  /** @throws ExecNotApprovedError, ExecPluginError */
  async get(): Promise<ExecStatus> {
    if (!this.#isApproved(this.#plugin.hash))
      throw new ExecNotApprovedError(this.#plugin.commandLine, this.#plugin.hash);
    const current = this.#current;
    if (current !== undefined && !this.#isExpired(current)) return current;
    if (this.#failure !== undefined && this.#clock.now() - this.#failure.at < failurePauseMs) throw this.#failure.error;
    this.#running ??= this.#start().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** The server refused it. Requests that were sent with the same one and are refused later do not drop its successor. */
  drop(refused: ExecStatus): void {
    if (this.#current === refused) this.#current = undefined;
  }

  async #start(): Promise<ExecStatus> {
    try {
      this.#current = await this.#run();
      this.#failure = undefined;
      return this.#current;
    } catch (error) {
      this.#failure = { error, at: this.#clock.now() };
      throw error;
    }
  }

  #isExpired({ expiresAt }: ExecStatus): boolean {
    return expiresAt !== undefined && this.#clock.now() >= expiresAt - earlyMs;
  }
}
