import type { Condition, Pod } from "#lib/kube/index.ts";

/** There are few words. Whoever writes others of his own into conditions fills no more than this. */
const maxWords = 1_000;

type OwnCondition = { -readonly [Key in keyof Condition]: Condition[Key] };

/**
 * The conditions of pods say the same few words, and most times in a pod are one time. Parsed, each is a text of its
 * own, which is a quarter of what is kept of a pod: equal texts become one.
 */
export class OneText {
  readonly #words = new Map<string, string>();

  /** Changes the pod's conditions, which have to be its own. */
  share(pod: Pod): void {
    const times = [pod.metadata.creationTimestamp ?? "", pod.status?.startTime ?? ""];
    for (const condition of (pod.status?.conditions ?? []) as readonly OwnCondition[]) {
      condition.type = this.#word(condition.type);
      if (condition.reason !== undefined) condition.reason = this.#word(condition.reason);
      if (condition.message !== undefined) condition.message = this.#word(condition.message);
      const { lastTransitionTime } = condition;
      if (typeof lastTransitionTime !== "string") continue;
      const known = times.indexOf(lastTransitionTime);
      if (known === -1) times.push(lastTransitionTime);
      else condition.lastTransitionTime = times[known] ?? lastTransitionTime;
    }
  }

  #word(text: string): string {
    const known = this.#words.get(text);
    if (known !== undefined) return known;
    if (this.#words.size < maxWords) this.#words.set(text, text);
    return text;
  }
}
