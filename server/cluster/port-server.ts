import type { Clock } from "#lib/clock/index.ts";
import type { JsonObject, Problem, TopicName } from "#lib/protocol/index.ts";
import { RefusedError } from "#server/hub/clusters.ts";
import { LiveViews } from "./live-views.ts";
import type { CallName, FromWorker, ToWorker, WorkerCalls } from "./messages.ts";

/** What a view is made of, or why there is none. `build` may throw a {@link ViewGoneError} once its subject is gone. */
export type ViewSource = { readonly build: () => JsonObject } | { readonly problem: Problem };

/** The cluster as the port sees it: what can be looked at and what can be asked. */
export interface Served {
  view(topic: TopicName, params: unknown): ViewSource;
  readonly calls: { readonly [N in CallName]: (args: WorkerCalls[N]["args"]) => Promise<WorkerCalls[N]["result"]> };
}

/** What was looked at is no longer there: the view is closed with this problem. */
export class ViewGoneError extends Error {
  override readonly name = "ViewGoneError";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Answers the main thread: opens and closes views, makes calls. Nothing that is asked can end the worker. */
export class PortServer {
  readonly #served: Served;
  readonly #views: LiveViews;
  readonly #send: (message: FromWorker) => void;
  readonly #open = new Map<number, () => void>();

  constructor(served: Served, clock: Clock, send: (message: FromWorker) => void) {
    this.#served = served;
    this.#send = send;
    this.#views = new LiveViews(clock);
  }

  receive(message: Extract<ToWorker, { readonly type: "open" | "close" | "call" }>): void {
    switch (message.type) {
      case "open":
        this.#openView(message.view, message.topic, message.params);
        break;
      case "close":
        this.#closeView(message.view);
        break;
      case "call":
        void this.#call(message.call, message.name, message.args);
        break;
    }
  }

  close(): void {
    for (const view of this.#open.keys()) this.#closeView(view);
  }

  #openView(view: number, topic: TopicName, params: unknown): void {
    let source: ViewSource;
    try {
      source = this.#served.view(topic, params);
      if ("problem" in source) {
        this.#send({ type: "closed", view, problem: source.problem });
        return;
      }
    } catch (error) {
      this.#failed(view, topic, error);
      return;
    }
    let hasFailed = false;
    const close = this.#views.open({
      build: source.build,
      send: (message) => this.#send({ type: "view", view, message }),
      onFailure: (error) => {
        hasFailed = true;
        this.#open.delete(view);
        this.#failed(view, topic, error);
      },
    });
    if (!hasFailed) this.#open.set(view, close);
  }

  #failed(view: number, topic: TopicName, error: unknown): void {
    if (!(error instanceof ViewGoneError)) this.#send({ type: "failure", during: topic, error: textOf(error) });
    this.#send({ type: "closed", view, problem: problemOf(error) });
  }

  #closeView(view: number): void {
    this.#open.get(view)?.();
    this.#open.delete(view);
  }

  async #call<N extends CallName>(call: number, name: N, args: WorkerCalls[N]["args"]): Promise<void> {
    try {
      const value = await this.#served.calls[name](args);
      this.#send({ type: "result", call, value });
    } catch (error) {
      if (!(error instanceof RefusedError)) this.#send({ type: "failure", during: name, error: textOf(error) });
      const { status, code, message } = error instanceof RefusedError ? error : failed;
      this.#send({ type: "refused", call, status, code, message });
    }
  }
}

/** What a client hears of an error that is nobody's answer: its text may hold anything, so it goes to the log only. */
const failed = new RefusedError(502, "failed", "that failed: the server's log says why");

function problemOf(error: unknown): Problem {
  if (error instanceof ViewGoneError) return error.problem;
  return {
    code: "view-failed",
    title: "View failed",
    message: "This view could not be built: the server's log says why.",
    hint: "Reload the page. If it stays, please report it.",
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
