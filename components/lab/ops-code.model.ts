import { z } from "zod";
import type { Scenario } from "#lib/lab/index.ts";
import { defaultTraceConfig } from "#lib/queue/index.ts";
import { problemOf, type Parsed } from "./recording-schema.ts";
import { config, maxOperations, operations, pod } from "./scenario-schema.ts";

/** A scenario of somebody's own, with the name it goes by. */
export interface CustomScenario {
  readonly title: string;
  readonly scenario: Scenario;
}

const linked = z.object({
  title: z.string().max(200),
  config: config.partial(),
  given: z.array(pod).max(1_000),
  operations: z.array(operations({ afterMs: z.number().min(0).exactOptional() })).max(maxOperations),
});

/** Nobody pastes a longer link than that. */
export const maxCodeLength = 16_000;
const maxInflatedBytes = 4_000_000;

/** A scenario as the query parameter `ops`: JSON, deflated, in the URL's own alphabet. */
export async function encodeScenario({ title, scenario }: CustomScenario): Promise<string> {
  const { given, operations: ops } = scenario;
  const linkedScenario = { title, config: withoutDefaults(scenario.config), given, operations: ops };
  const bytes = new TextEncoder().encode(JSON.stringify(linkedScenario));
  return toBase64Url(await throughStream(bytes, new CompressionStream("deflate-raw"), Number.POSITIVE_INFINITY));
}

export async function decodeScenario(code: string): Promise<Parsed<CustomScenario>> {
  const content = await readCode(code);
  if (!content.ok) return content;
  const parsed = linked.safeParse(content.value);
  if (!parsed.success) return { ok: false, problem: problemOf(parsed.error) };
  const { title, config: changed, given, operations: ops } = parsed.data;
  const whole = config.safeParse({ ...defaultTraceConfig, ...changed });
  if (!whole.success) return { ok: false, problem: problemOf(whole.error) };
  return { ok: true, value: { title, scenario: { config: whole.data, given, operations: ops } } };
}

async function readCode(code: string): Promise<Parsed<unknown>> {
  const bytes = fromBase64Url(code);
  if (bytes === undefined) return { ok: false, problem: "it has characters that no such link has" };
  let inflated: Uint8Array;
  try {
    inflated = await throughStream(bytes, new DecompressionStream("deflate-raw"), maxInflatedBytes);
  } catch {
    return { ok: false, problem: "it is cut off or damaged" };
  }
  try {
    return { ok: true, value: JSON.parse(new TextDecoder().decode(inflated)) };
  } catch {
    return { ok: false, problem: "what it holds is not JSON" };
  }
}

function withoutDefaults(whole: Scenario["config"]): Partial<Scenario["config"]> {
  const defaults = new Map(Object.entries(defaultTraceConfig).map(([key, value]) => [key, JSON.stringify(value)]));
  return Object.fromEntries(
    Object.entries(whole).filter(([key, value]) => defaults.get(key) !== JSON.stringify(value)),
  );
}

/** @throws RangeError when more than `limit` bytes come out; whatever the stream throws. */
export async function throughStream(
  bytes: Uint8Array<ArrayBuffer>,
  transform: CompressionStream | DecompressionStream,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(transform).getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    size += read.value.byteLength;
    if (size > limit) {
      await reader.cancel();
      throw new RangeError(`more than ${limit} bytes`);
    }
    chunks.push(read.value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCodePoint(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/u, "");
}

function fromBase64Url(code: string): Uint8Array<ArrayBuffer> | undefined {
  if (code.length > 2 * maxCodeLength || !/^[\w-]*$/u.test(code)) return undefined;
  try {
    return Uint8Array.from(atob(code.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.codePointAt(0) ?? 0);
  } catch {
    return undefined;
  }
}
