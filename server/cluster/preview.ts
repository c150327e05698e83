import { keyOfTarget } from "#lib/informer/index.ts";
import type { PreviewProblem, PreviewResponse } from "#lib/protocol/index.ts";
import type { HandlerToPreview } from "#server/hub/clusters.ts";
import { readFilter } from "./handlers/filter.ts";
import { countMatches } from "./handlers/preview.ts";
import type { InformerBoard } from "./informer-board.ts";
import { targetOf } from "./informer-target.ts";

/** What adding a handler would do. Changes nothing. @throws RefusedError for what is no resource */
export async function previewHandler(
  board: InformerBoard,
  key: string,
  request: HandlerToPreview,
): Promise<PreviewResponse> {
  const place = await board.placeOf(key, request.filter);
  const target = targetOf(place.informer);
  const informer = keyOfTarget(target);
  const predicate = readFilter(place.filter, board.filterTools);
  const problems: PreviewProblem[] = [...tooMany(board, request.times)];
  if ("problems" in predicate) problems.push(...predicate.problems);
  const running = board.informer(informer)?.informer;
  const base = {
    ok: true,
    informer,
    nextHandle: board.upcomingHandle,
    ...(request.resyncMs === undefined || request.resyncMs === 0
      ? {}
      : { resyncMs: Math.max(request.resyncMs, running?.resyncCheckPeriodMs ?? board.resyncCheckPeriodMs) }),
  } as const;
  if (running === undefined) {
    const page = await board.firstPage(target);
    if ("error" in page) {
      const { code, message } = board.problemOf(page.error, target.resource);
      return { ...base, effect: "starts", problems: [...problems, { field: "resource", code, message }] };
    }
    const { objects } = page;
    const isFiltered = !("problems" in predicate) && (predicate.filter ?? predicate.accepts) !== undefined;
    return {
      ...base,
      effect: "starts",
      ...(objects === undefined ? {} : { objects }),
      ...(objects === undefined || isFiltered ? {} : { syntheticAdds: objects }),
      problems,
    };
  }
  if ("problems" in predicate) return { ...base, effect: "shares", objects: running.store.size, problems };
  const { problems: found, ...counted } = await countMatches(running, predicate, board.filterTools);
  return { ...base, effect: "shares", ...counted, syntheticAdds: counted.matching, problems: [...problems, ...found] };
}

function tooMany({ added: { handlers, limit } }: InformerBoard, times: number): readonly PreviewProblem[] {
  if (handlers + times <= limit) return [];
  const message = `at most ${limit} handlers at once, and there are ${handlers}: remove some`;
  return [{ field: "times", code: "too-many-handlers", message }];
}
