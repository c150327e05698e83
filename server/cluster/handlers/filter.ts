import { parseSelectorText, type KubeObject, type Selector } from "#lib/kube/index.ts";
import type { HandlerFilter } from "#lib/protocol/index.ts";
import { RefusedError } from "#server/hub/clusters.ts";

/**
 * What a handler wants to hear of, `undefined` for everything. Nothing typed is nothing asked for.
 *
 * @throws RefusedError for a selector that cannot be read
 */
export function predicateOf({
  namespace = "",
  labelSelector = "",
}: HandlerFilter): ((object: KubeObject) => boolean) | undefined {
  const selects = labelSelector === "" ? undefined : selectorOf(labelSelector);
  if (namespace === "" && selects === undefined) return undefined;
  return ({ metadata }) =>
    (namespace === "" || metadata.namespace === namespace) && (selects?.matches(metadata.labels) ?? true);
}

function selectorOf(text: string): Selector {
  try {
    return parseSelectorText(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new RefusedError(422, "selector-malformed", `the label selector cannot be read: ${message}`);
  }
}
