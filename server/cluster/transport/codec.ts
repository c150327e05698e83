import { DecodeError } from "#lib/informer/index.ts";

/** Turns a slice of a body into a value. Another media type brings another one. */
export interface Codec {
  readonly mediaType: string;
  /** @throws DecodeError */
  decode(bytes: Buffer, start: number, end: number): unknown;
}

export const jsonCodec: Codec = {
  mediaType: "application/json",
  decode(bytes, start, end) {
    const text = bytes.toString("utf8", start, end);
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      // No cause: the parser's message quotes the body.
      throw new DecodeError(`the body is not JSON: ${placeOf(error)}`);
    }
  },
};

const codecs: readonly Codec[] = [jsonCodec];

/** What is asked for, best first. */
export const acceptedMediaTypes: string = codecs.map(({ mediaType }) => mediaType).join(", ");

/**
 * @param contentType the header as it came; nothing counts as JSON, as it does upstream
 * @throws DecodeError for a media type that was not asked for, such as the page of a proxy
 */
export function codecFor(contentType: string | undefined): Codec {
  const mediaType = contentType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const codec = mediaType === "" ? jsonCodec : codecs.find((candidate) => candidate.mediaType === mediaType);
  if (codec !== undefined) return codec;
  throw new DecodeError(`the answer is ${mediaType}, not ${acceptedMediaTypes}: this is no Kubernetes API`);
}

function placeOf(error: unknown): string {
  const place = error instanceof Error ? /at position \d+/.exec(error.message)?.[0] : undefined;
  return place === undefined ? "a value does not end" : `unexpected character ${place} of a value`;
}
