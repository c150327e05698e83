import type { Codec } from "./codec.ts";
import { decodeJson } from "./decode-json.ts";
import { ListSplitter } from "./list-splitter.ts";
import { ValueSplitter } from "./value-splitter.ts";

export const jsonCodec: Codec = {
  mediaType: "application/json",
  decode: (body) => decodeJson(body),
  list: () => new ListSplitter(),
  watch: () => new ValueSplitter(),
};
