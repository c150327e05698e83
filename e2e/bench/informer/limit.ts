/**
 * Child process: what no informer in this Node can be faster than. The same bytes, read with undici and parsed with
 * `JSON.parse`, the objects kept, and nothing else done.
 */
import { request } from "undici";
import { flood, peakRssMiB, print, taskFromArguments } from "./measurement.ts";

const task = taskFromArguments();
const newline = 0x0a;
const start = performance.now();
const kept = task.mode === "list" ? await fromOneBody() : await fromStream(keptUntilBookmark());
const measurement = { pods: kept.length, syncMs: performance.now() - start, peakRssMiB: peakRssMiB() };
print({ ...measurement, deliverMs: task.events === 0 ? 0 : await deliverMs() });

async function fromOneBody(): Promise<readonly unknown[]> {
  const { body } = await request(`${task.url}/api/v1/pods?resourceVersion=0`);
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece as Buffer);
  return (JSON.parse(Buffer.concat(pieces).toString("utf8")) as { readonly items: unknown[] }).items;
}

interface Event {
  readonly type: string;
  readonly object: unknown;
}

/** What takes events, and says when it has what it waited for. */
interface Sink<T> {
  readonly result: T;
  take(event: Event): boolean;
}

function keptUntilBookmark(): Sink<readonly unknown[]> {
  const result: unknown[] = [];
  return {
    result,
    take: ({ type, object }) => {
      if (type !== "BOOKMARK") result.push(object);
      return type === "BOOKMARK";
    },
  };
}

async function fromStream<T>(sink: Sink<T>, query = "&sendInitialEvents=true"): Promise<T> {
  const { body } = await request(`${task.url}/api/v1/pods?watch=true${query}`);
  let rest: Buffer[] = [];
  for await (const piece of body) {
    let at = 0;
    for (let end = piece.indexOf(newline); end !== -1; end = piece.indexOf(newline, at)) {
      rest.push(piece.subarray(at, end));
      at = end + 1;
      const line = rest.length === 1 ? rest[0] : Buffer.concat(rest);
      rest = [];
      if (line !== undefined && sink.take(JSON.parse(line.toString("utf8")) as Event)) return sink.result;
    }
    if (at < piece.length) rest.push(piece.subarray(at));
  }
  throw new Error("the stream ended too early");
}

async function deliverMs(): Promise<number> {
  let events = 0;
  const counting: Sink<undefined> = { result: undefined, take: () => ++events === task.events };
  // Versions of their own are not replayed: only what happens from now on.
  const counted = fromStream(counting, "&resourceVersion=1");
  const askedAt = await flood(task);
  await counted;
  return performance.now() - askedAt;
}
