import type { StoredObject } from "../storage/stored-object.ts";
import { parseFieldSelector } from "./field-selector.ts";
import { parseLabelSelector } from "./label-selector.ts";
import type { ListOptions } from "./list-options.ts";
import type { Resource } from "./resource.ts";

/** What a request looks at: a namespace ("" for all), by labels and fields. */
export interface Selection {
  matches(stored: StoredObject): boolean;
  readonly isEverything: boolean;
  /** With a selector nobody counts what remains behind a page, as upstream. */
  readonly hasSelector: boolean;
}

export function selectionOf(
  resource: Resource,
  namespace: string,
  options: Pick<ListOptions, "labelSelector" | "fieldSelector">,
): Selection {
  const labels = parseLabelSelector(options.labelSelector);
  const fields = parseFieldSelector(options.fieldSelector, resource.fields);
  const prefix = namespace === "" ? "" : `${namespace}/`;
  return {
    isEverything: prefix === "" && labels === undefined && fields === undefined,
    hasSelector: labels !== undefined || fields !== undefined,
    matches: ({ key, object }) =>
      key.startsWith(prefix) &&
      (labels === undefined || labels.matches(object.metadata.labels)) &&
      (fields === undefined || fields(object)),
  };
}
