import { DecodeError } from "#lib/informer/index.ts";

/** What one piece of a LIST body completed. */
export interface ListPiece {
  readonly items: readonly unknown[];
  /** Of the list itself. */
  readonly metadata?: unknown;
}

/** Cuts the body of one LIST into its items as it arrives. */
export interface ListDecoder {
  /** @throws DecodeError */
  push(piece: Buffer): ListPiece;
  /**
   * The body has ended.
   *
   * @throws DecodeError unless it was one whole list
   */
  end(): ListPiece;
}

/** Cuts the body of one watch into its events as it arrives. */
export interface WatchDecoder {
  /**
   * Adds the events that end in this piece.
   *
   * @throws DecodeError when garbage follows; the events before it have been added
   */
  push(piece: Buffer, events: unknown[]): void;
  /**
   * The body has ended. Half an event is dropped.
   *
   * @throws DecodeError when what is left could never have become one
   */
  end(events: unknown[]): void;
}

/**
 * All that there is to know about one media type. Whoever reads bodies asks for the codec of the answer and never what
 * it is: another media type is another object of this kind in the list that the transport is given.
 */
export interface Codec {
  readonly mediaType: string;
  /**
   * A whole body.
   *
   * @throws DecodeError
   */
  decode(body: Buffer): unknown;
  list(): ListDecoder;
  watch(): WatchDecoder;
}

/** Best first. */
export type Codecs = readonly [Codec, ...(readonly Codec[])];

/** The Accept header. */
export function acceptedMediaTypes(codecs: Codecs): string {
  return codecs.map(({ mediaType }) => mediaType).join(", ");
}

/**
 * @param contentType the header as it came; without one it counts as the last choice, JSON, as it does upstream
 * @throws DecodeError for a media type that was not asked for, such as the page of a proxy
 */
export function codecFor(contentType: string | undefined, codecs: Codecs): Codec {
  const mediaType = contentType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const codec = mediaType === "" ? codecs.at(-1) : codecs.find((candidate) => candidate.mediaType === mediaType);
  if (codec !== undefined) return codec;
  const asked = acceptedMediaTypes(codecs);
  throw new DecodeError(`the answer is ${mediaType}, not ${asked}: this is no Kubernetes API`);
}
