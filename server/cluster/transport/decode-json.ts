import { DecodeError } from "#lib/informer/index.ts";

/** Larger than any object that an API server keeps, by far: one that says it sends more is not waited for. */
export const maxValueBytes = 128 * 1024 * 1024;

/** @throws DecodeError */
export function decodeJson(bytes: Buffer, start = 0, end = bytes.length): unknown {
  const text = bytes.toString("utf8", start, end);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    // No cause: the parser's message quotes the body.
    throw new DecodeError(`the body is not JSON: ${placeOf(error)}`);
  }
}

/** @throws DecodeError when what has come of a value that does not end is more than anybody wants to hold */
export function assertHoldable(length: number, limit: number): void {
  if (length > limit) throw new DecodeError(`one value of the body is larger than ${limit} bytes`);
}

function placeOf(error: unknown): string {
  const place = error instanceof Error ? /at position \d+/.exec(error.message)?.[0] : undefined;
  return place === undefined ? "a value does not end" : `unexpected character ${place} of a value`;
}
