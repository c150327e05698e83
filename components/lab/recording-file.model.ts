import { scenariosOf, type NamedScenario } from "#lib/lab/index.ts";
import { throughStream } from "./ops-code.model.ts";
import { parseRecording, type Parsed } from "./recording-schema.ts";

/** A recording that somebody opened. */
export interface OpenedRecording {
  readonly file: string;
  readonly scenarios: readonly NamedScenario[];
}

const maxFileBytes = 64_000_000;
const gzipMagic = [0x1f, 0x8b];

/** Reads `.json` and `.json.gz`, told apart by their first bytes. The problem is a whole sentence. */
export async function openRecording(file: string, content: Blob): Promise<Parsed<OpenedRecording>> {
  const failed = (why: string): Parsed<OpenedRecording> => ({
    ok: false,
    problem: `${file} cannot be opened: ${why}.`,
  });
  if (content.size > maxFileBytes) return failed("it is larger than 64 MB");
  const bytes = new Uint8Array(await content.arrayBuffer());
  const isCompressed = gzipMagic.every((byte, index) => bytes[index] === byte);
  let plain: Uint8Array = bytes;
  if (isCompressed) {
    try {
      plain = await throughStream(bytes, new DecompressionStream("gzip"), maxFileBytes);
    } catch (error) {
      return failed(error instanceof RangeError ? "unpacked it is larger than 64 MB" : "its compression is damaged");
    }
  }
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return failed("it is not JSON");
  }
  const parsed = await parseRecording(json);
  if (!parsed.ok) return failed(`it is no recording of a scheduling queue. ${parsed.problem}`);
  return { ok: true, value: { file, scenarios: scenariosOf(parsed.value) } };
}
