import { MalformedSelectorError, parseSelectorText, type Selector } from "#lib/kube/index.ts";
import { badRequest } from "./status.ts";

/** A label selector as it stands in a query string; `undefined` for one that selects everything. */
export function parseLabelSelector(text: string): Selector | undefined {
  if (text.trim() === "") return undefined;
  try {
    return parseSelectorText(text);
  } catch (error) {
    if (!(error instanceof MalformedSelectorError)) throw error;
    throw badRequest(`unable to parse requirement: ${error.message}`);
  }
}
