import { formatCount, formatPeriod, formatPlural } from "#components/ui/index.ts";
import type { PreviewProblem, PreviewResponse } from "#lib/protocol/index.ts";
import type { HandlerForm } from "./add-handler.model.ts";

/** What the server says will happen. */
export function effectOf(form: HandlerForm, resource: string, preview: PreviewResponse): string {
  const { effect, objects, syntheticAdds, nextHandle, resyncMs } = preview;
  const handlers = form.times > 1 ? `these ${form.times} registrations` : "this handler";
  const about = objects === undefined ? "" : ` of about ${formatPlural(objects, "object")}`;
  const what =
    effect === "shares"
      ? `shares the running ${resource} informer, replays ${formatPlural(syntheticAdds ?? objects ?? 0, "synthetic add")} to ${handlers} only, then sends live updates.`
      : `starts an informer for ${resource}: one list${about}, shared from then on. It stops 30 s after its last handler has gone.`;
  const resync =
    resyncMs !== undefined && form.resyncMs > 0 && resyncMs !== form.resyncMs
      ? ` Resyncs every ${formatPeriod(resyncMs)}, the shortest this informer can.`
      : "";
  const handles =
    form.times > 1
      ? `You get handles #${nextHandle} to #${nextHandle + form.times - 1} for one handler value.`
      : `You get handle #${nextHandle}.`;
  return `${what}${resync} ${handles}`;
}

/** What the server says of the CEL filter. */
export function celOutcome(
  { cel }: HandlerForm,
  preview: PreviewResponse | undefined,
): { readonly kind: "good" | "wrong" | "quiet"; readonly text: string } {
  if (cel.trim() === "" || preview === undefined) return { kind: "quiet", text: "" };
  const problem = preview.problems.find(({ field }) => field === "cel");
  if (problem !== undefined) return { kind: "wrong", text: problemText(problem) };
  const { matching, examined, objects, filterErrors } = preview;
  if (matching === undefined)
    return { kind: "good", text: "Compiles. What it matches is known once the list is there." };
  const whole = examined ?? objects ?? 0;
  const seen = examined !== undefined && objects !== undefined && examined < objects ? "looked at" : "now";
  const failing =
    filterErrors === undefined
      ? ""
      : ` On ${formatPlural(filterErrors.count, "object")} it fails, which counts as no match: ${filterErrors.last}`;
  return {
    kind: filterErrors === undefined ? "good" : "quiet",
    text: `Compiles. Matches ${formatCount(matching)} of ${formatPlural(whole, "object")} ${seen}.${failing}`,
  };
}

/** `column 14: no such overload`. */
function problemText({ message, line, column }: PreviewProblem): string {
  if (column === undefined) return message;
  const place = line === undefined || line === 1 ? `Column ${column}` : `Line ${line}, column ${column}`;
  return `${place}: ${message}`;
}
