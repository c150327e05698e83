import type { Clock, Signal } from "#lib/clock/index.ts";
import { apiStatusError, ConnectionError, DecodeError, type ConnectionErrorKind } from "../api-errors.ts";
import {
  listQuery,
  watchQuery,
  type ListerWatcher,
  type ListOptions,
  type ListPart,
  type WatchOptions,
} from "../lister-watcher.ts";
import type { WatchEvent } from "../watch-event.ts";
import { RecordedStream, deepFreeze } from "./recorded-stream.ts";
import type { RecordedInformer, RecordedObject, RecordedRequest, RecordedResponse, RecordedStep } from "./recording.ts";

const connectionErrors: Readonly<Record<string, ConnectionErrorKind>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  EOF: "eof",
  ENOTFOUND: "dns",
};

/** The server of one informer: compares each request with what was recorded and answers as recorded. */
export class RecordedSource implements ListerWatcher<RecordedObject> {
  readonly #informer: RecordedInformer;
  readonly #clock: Clock;
  readonly #differ: (difference: string) => void;
  readonly #streams = new Map<string, RecordedStream>();
  readonly #hanging = new Map<string, (response: RecordedResponse) => void>();
  #requests = 0;
  #step: RecordedStep | undefined;
  #expected: readonly RecordedRequest[] = [];
  #made = 0;

  constructor(informer: RecordedInformer, clock: Clock, differ: (difference: string) => void) {
    this.#informer = informer;
    this.#clock = clock;
    this.#differ = differ;
  }

  get openStreams(): readonly string[] {
    return [...this.#streams]
      .filter(([, stream]) => stream.isOpen)
      .map(([id]) => id)
      .sort();
  }

  begin(step: RecordedStep): void {
    this.#step = step;
    this.#expected = (step.requests?.[this.#informer.id] ?? []).filter(({ late }) => late !== true);
    this.#made = 0;
  }

  /** What the server wrote into streams that were open before this step, and answers that it had withheld. */
  serverActs(): void {
    const { requests = {}, frames = {} } = this.#step ?? {};
    for (const [id, stream] of this.#streams) stream.write(frames[id] ?? []);
    for (const { id, late, response } of requests[this.#informer.id] ?? []) {
      if (late === true) this.#hanging.get(id)?.(response);
    }
  }

  end(): void {
    const missing = this.#expected[this.#made];
    if (missing !== undefined) this.#differ(`request ${missing.id} at ${missing.t} ms was not made`);
    for (const [id, stream] of this.#streams) if (!stream.isOpen) this.#streams.delete(id);
  }

  async list(options: ListOptions, signal: Signal): Promise<AsyncIterable<ListPart<RecordedObject>>> {
    const { id, response } = await this.#request("list", { query: listQuery(options), signal });
    if (response.rawBody !== undefined) return partsOf(parsedList(response.rawBody), id);
    const { resourceVersion, continue: token, items } = response;
    const metadata = {
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(token === undefined ? {} : { continue: token }),
    };
    return partsOf({ metadata, items: items ?? [] }, id);
  }

  async watch(options: WatchOptions, signal: Signal): Promise<AsyncIterable<readonly WatchEvent<RecordedObject>[]>> {
    const { id } = await this.#request("watch", { query: watchQuery(options), signal });
    const stream = new RecordedStream(signal);
    this.#streams.set(id, stream);
    stream.write(this.#step?.frames?.[id] ?? []);
    return stream;
  }

  async #request(
    kind: "list" | "watch",
    { query, signal }: { query: Readonly<Record<string, string>>; signal: Signal },
  ): Promise<{ id: string; response: RecordedResponse }> {
    const id = `${this.#informer.id}${++this.#requests}`;
    const recorded = this.#expected[this.#made++];
    const made = { t: this.#clock.now(), id, kind, path: this.#path(), query: this.#query(query) };
    if (recorded === undefined) {
      this.#differ(`request ${JSON.stringify(made)} was not recorded`);
      return new Promise(() => {});
    }
    const { response, ...expected } = recorded;
    if (canonical(made) !== canonical(expected)) {
      this.#differ(`request ${id}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(made)}`);
    }
    return { id, response: succeeded(response.hang === true ? await this.#hang(id, signal) : response) };
  }

  #hang(id: string, signal: Signal): Promise<RecordedResponse> {
    return new Promise((resolve, reject) => {
      this.#hanging.set(id, resolve);
      signal.addEventListener("abort", () => reject(new ConnectionError("closed", "cancelled")), { once: true });
    });
  }

  #path(): string {
    const { resource = "pods", namespace } = this.#informer;
    return namespace === undefined ? `/api/v1/${resource}` : `/api/v1/namespaces/${namespace}/${resource}`;
  }

  #query(query: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const { labelSelector, fieldSelector } = this.#informer;
    const seconds = Number(query["timeoutSeconds"]);
    return {
      ...query,
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
      ...(Number.isInteger(seconds) && seconds >= 300 && seconds < 600 ? { timeoutSeconds: "300..600" } : {}),
    };
  }
}

/** @throws ConnectionError, ApiStatusError, as a transport does */
function succeeded(response: RecordedResponse): RecordedResponse {
  const { error, status = 0, body, rawBody, headers } = response;
  if (error !== undefined) throw new ConnectionError(connectionErrors[error] ?? "other", error);
  if (status !== 200) throw apiStatusError(body ?? rawBody, status, headers?.["Retry-After"]);
  return response;
}

interface WholeList {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items: readonly RecordedObject[];
}

function parsedList(body: string): WholeList | DecodeError {
  try {
    const { metadata, items } = JSON.parse(body) as {
      metadata?: WholeList["metadata"];
      items?: RecordedObject[] | null;
    };
    return { metadata: metadata ?? {}, items: items ?? [] };
  } catch (cause) {
    return new DecodeError("the list is no JSON", { cause });
  }
}

/** Metadata stands before the items in every other answer and after them in the rest: no order is promised. */
async function* partsOf(list: WholeList | DecodeError, id: string): AsyncGenerator<ListPart<RecordedObject>> {
  if (list instanceof DecodeError) throw list;
  const isFirst = Number(id.replace(/\D/g, "")) % 2 === 1;
  if (isFirst) yield { kind: "metadata", metadata: list.metadata };
  for (let start = 0; start < list.items.length; start += 2) {
    yield { kind: "items", items: deepFreeze(list.items.slice(start, start + 2)) };
  }
  if (!isFirst) yield { kind: "metadata", metadata: list.metadata };
}

/** Equal for values that differ only in the order of their members. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
