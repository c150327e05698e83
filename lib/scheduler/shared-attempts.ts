import type { Pod } from "#lib/kube/index.ts";
import type { CacheVersions } from "./cluster-cache.ts";
import type { Attempt } from "./cycle.ts";
import { podShape } from "./verdict/pod-shape.ts";

/** Each holds a word about every node. */
const mostShapes = 64;

/**
 * What attempts came to, for as long as nothing has changed: when an event moves ten thousand pods of one Deployment,
 * they are judged once.
 */
export class SharedAttempts {
  readonly #shapes = new WeakMap<Pod, string>();
  readonly #byShape = new Map<string, Attempt>();
  #rests: readonly number[] = [];

  /** @param revision of whatever else the attempt looks at; it grows with every change */
  attempt(
    pod: Pod,
    { versions, revision }: { readonly versions: CacheVersions; readonly revision: number },
    attempt: () => Attempt | undefined,
  ): Attempt | undefined {
    const rests = [versions.placed, versions.antiAffinity, versions.others, revision];
    if (rests.some((version, index) => version !== this.#rests[index])) this.#byShape.clear();
    this.#rests = rests;
    const shape = this.#shapeOf(pod);
    const known = this.#byShape.get(shape);
    if (known !== undefined) return known;
    const made = attempt();
    if (this.#byShape.size === mostShapes) this.#byShape.clear();
    if (made !== undefined) this.#byShape.set(shape, made);
    return made;
  }

  #shapeOf(pod: Pod): string {
    let shape = this.#shapes.get(pod);
    if (shape === undefined) {
      shape = podShape(pod);
      this.#shapes.set(pod, shape);
    }
    return shape;
  }
}
