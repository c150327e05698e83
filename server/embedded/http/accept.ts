import type { Representation } from "../api/encoding.ts";
import { notAcceptable } from "../api/status.ts";
import type { IncludeObject } from "../api/table.ts";

interface MediaRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

function mediaRanges(accept: string | undefined): readonly MediaRange[] {
  return (accept ?? "*/*").split(",").map((range) => {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
    return { type, parameters: new Map(parameters.map((parameter) => parameter.split("=", 2) as [string, string])) };
  });
}

/** JSON is all there is; protobuf and CBOR are passed over in the hope of something better. */
function jsonRanges(accept: string | undefined): readonly MediaRange[] {
  const ranges = mediaRanges(accept).filter(({ type }) => ["application/json", "application/*", "*/*"].includes(type));
  if (ranges.length === 0) throw notAcceptable(["application/json"]);
  return ranges;
}

/** The first thing in the list that is on offer, as the API server decides. */
export function representationFor(accept: string | undefined, includeObject: string | null): Representation {
  for (const { parameters } of jsonRanges(accept)) {
    const as = parameters.get("as");
    if (as === undefined) return { as: "object" };
    const isMeta = parameters.get("g") === "meta.k8s.io" && parameters.get("v") === "v1";
    if (isMeta && as === "Table") return { as: "table", include: includedObject(includeObject) };
    if (isMeta && as.startsWith("PartialObjectMetadata")) return { as: "metadata" };
  }
  throw notAcceptable(["application/json"]);
}

function includedObject(text: string | null): IncludeObject {
  return text === "None" || text === "Object" ? text : "Metadata";
}

/** The media type of aggregated discovery, if the client prefers it over the plain one. */
export function aggregatedDiscoveryType(accept: string | undefined): string | undefined {
  const [first] = jsonRanges(accept).filter(
    ({ parameters }) => parameters.get("as") === undefined || parameters.get("v") === "v2",
  );
  if (first?.parameters.get("as") !== "APIGroupDiscoveryList") return undefined;
  return "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
}
