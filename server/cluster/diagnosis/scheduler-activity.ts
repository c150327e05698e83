import type { Instant } from "#lib/clock/index.ts";

interface Seen {
  readonly at: Instant;
  readonly uid: string;
}

interface Activity {
  last: Seen | undefined;
  /** The last about another pod than `last`. */
  before: Seen | undefined;
  lastBound: Seen | undefined;
  boundBefore: Seen | undefined;
  /** Pods bound or failed since we watch. */
  finished: number;
}

/** What each scheduler was seen to do: it bound a pod, or said that it could not. */
export class SchedulerActivity {
  readonly #byName = new Map<string, Activity>();

  /** @param isNews it happened while we watched, and counts as one pod more that was finished */
  note(
    name: string,
    uid: string,
    at: Instant,
    { isBound, isNews }: { readonly isBound: boolean; readonly isNews: boolean },
  ): void {
    const activity = this.#of(name);
    if (isNews) activity.finished++;
    [activity.last, activity.before] = moved(activity.last, activity.before, { at, uid });
    if (isBound)
      [activity.lastBound, activity.boundBefore] = moved(activity.lastBound, activity.boundBefore, { at, uid });
  }

  lastAt(name: string): Instant | undefined {
    return this.#byName.get(name)?.last?.at;
  }

  /** About another pod than this one. */
  lastOtherAt(name: string, uid: string): Instant | undefined {
    const activity = this.#byName.get(name);
    return other(activity?.last, activity?.before, uid);
  }

  lastOtherBoundAt(name: string, uid: string): Instant | undefined {
    const activity = this.#byName.get(name);
    return other(activity?.lastBound, activity?.boundBefore, uid);
  }

  finished(name: string): number {
    return this.#byName.get(name)?.finished ?? 0;
  }

  #of(name: string): Activity {
    let activity = this.#byName.get(name);
    if (activity === undefined) {
      activity = { last: undefined, before: undefined, lastBound: undefined, boundBefore: undefined, finished: 0 };
      this.#byName.set(name, activity);
    }
    return activity;
  }
}

function moved(last: Seen | undefined, before: Seen | undefined, next: Seen): [Seen | undefined, Seen | undefined] {
  // What was listed comes in any order.
  if (last !== undefined && next.at < last.at) return [last, before];
  return last === undefined || last.uid === next.uid ? [next, before] : [next, last];
}

function other(last: Seen | undefined, before: Seen | undefined, uid: string): Instant | undefined {
  return last?.uid === uid ? before?.at : last?.at;
}
