import type { ResourceTable } from "../storage/resource-table.ts";
import type { StoredObject } from "../storage/stored-object.ts";
import { anyVersion, decodeContinueToken, encodeContinueToken } from "./continue-token.ts";
import type { ListOptions } from "./list-options.ts";
import type { Selection } from "./selection.ts";
import { expired, tooLargeResourceVersion } from "./status.ts";

export interface ListPage {
  readonly items: readonly StoredObject[];
  readonly resourceVersion: number;
  readonly continueToken: string | undefined;
  readonly remainingItemCount: number | undefined;
}

interface ListFrom {
  readonly table: ResourceTable;
  /** The version of the whole storage. */
  readonly current: number;
  readonly selection: Selection;
}

/** One page. A token pins the version of its first page, so the pages of a list belong together whatever is written. */
export function listPage(from: ListFrom, options: ListOptions): ListPage {
  const { resourceVersion = 0 } = options;
  if (options.continueToken !== undefined) return continued(from, options.continueToken, options.limit);
  if (resourceVersion > from.current) throw tooLargeResourceVersion(resourceVersion, from.current);
  if (isExact(options)) {
    const objects = from.table.listAt(resourceVersion);
    if (objects === undefined) {
      throw expired(`The resourceVersion for the provided list is too old.`);
    }
    return page(from, { objects, version: resourceVersion, limit: options.limit, after: "" });
  }
  // Like a server that answers version "0" from its watch cache: whole, whatever the limit.
  const limit = options.resourceVersion === 0 ? 0 : options.limit;
  return page(from, { objects: from.table.list(), version: from.current, limit, after: "" });
}

/** A limit makes an unmatched version exact: the pages that follow could not keep to anything looser. */
function isExact({ resourceVersion = 0, versionMatch, limit }: ListOptions): boolean {
  return resourceVersion !== 0 && (versionMatch === "Exact" || (versionMatch === undefined && limit > 0));
}

function continued(from: ListFrom, text: string, limit: number): ListPage {
  const { version, after } = decodeContinueToken(text);
  const objects = version === anyVersion ? from.table.list() : from.table.listAt(version);
  if (objects === undefined) throw expiredToken(after);
  return page(from, { objects, version: version === anyVersion ? from.current : version, limit, after });
}

function expiredToken(after: string): Error {
  const message =
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without " +
    "the continue parameter, or use the continue token in this response to retrieve the remainder of the results. " +
    "Continuing with the provided token results in an inconsistent list - objects that were created, modified, or " +
    "deleted between the time the first chunk was returned and now may show up in the list.";
  return expired(message, encodeContinueToken({ version: anyVersion, after }));
}

interface PageOf {
  readonly objects: readonly StoredObject[];
  readonly version: number;
  readonly limit: number;
  readonly after: string;
}

function page({ selection }: ListFrom, { objects, version, limit, after }: PageOf): ListPage {
  const items: StoredObject[] = [];
  let index = after === "" ? 0 : firstBehind(objects, after);
  const isFull = (): boolean => limit > 0 && items.length >= limit;
  for (; index < objects.length && !isFull(); index++) {
    const stored = objects[index];
    if (stored !== undefined && selection.matches(stored)) items.push(stored);
  }
  const rest = isFull() ? remaining(objects, index, selection) : 0;
  const last = items.at(-1);
  return {
    items,
    resourceVersion: version,
    continueToken: rest > 0 && last !== undefined ? encodeContinueToken({ version, after: last.key }) : undefined,
    remainingItemCount: rest > 0 && !selection.hasSelector ? rest : undefined,
  };
}

/** Where there is a selector it is enough to know of one. */
function remaining(objects: readonly StoredObject[], start: number, selection: Selection): number {
  if (selection.isEverything) return objects.length - start;
  let count = 0;
  for (let index = start; index < objects.length; index++) {
    const stored = objects[index];
    if (stored === undefined || !selection.matches(stored)) continue;
    count++;
    if (selection.hasSelector) break;
  }
  return count;
}

/** Objects are sorted by key. */
function firstBehind(objects: readonly StoredObject[], key: string): number {
  let low = 0;
  let high = objects.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((objects[middle]?.key ?? "") > key) high = middle;
    else low = middle + 1;
  }
  return low;
}
