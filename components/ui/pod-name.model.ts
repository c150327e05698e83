const kept = 6;

/**
 * A name in two parts: `head` may be cut with an ellipsis, `tail` never is. Names of one owner differ at their end
 * (`ranker-6f7c9d-q4x2m`), so the end is what must stay.
 */
export function splitPodName(name: string): { readonly head: string; readonly tail: string } {
  return { head: name.slice(0, Math.max(0, name.length - kept)), tail: name.slice(-kept) };
}
