import { lastState, type Deleted, type EventHandler } from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";

/** Namespaces that are counted by themselves; what comes from others after that is one sum. */
const mostNamespaces = 1_000;
/** Of those, the busiest are shown. */
const mostShown = 20;

/** Counts what it is told by namespace; what has none, and what is too many, counts only in the sum. */
export class Tally implements EventHandler<KubeObject> {
  readonly #byNamespace = new Map<string, number>();

  onAdd(object: KubeObject): void {
    this.#count(object);
  }

  onUpdate(_old: KubeObject, object: KubeObject): void {
    this.#count(object);
  }

  onDelete(deleted: Deleted<KubeObject>): void {
    this.#count(lastState(deleted));
  }

  /** The busiest namespaces, by name, so that their order says nothing. */
  busiest(): readonly (readonly [string, number])[] {
    const busiest = [...this.#byNamespace].sort(([, a], [, b]) => b - a).slice(0, mostShown);
    return busiest.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  #count({ metadata: { namespace } }: KubeObject): void {
    if (namespace === undefined) return;
    const counted = this.#byNamespace.get(namespace);
    if (counted === undefined && this.#byNamespace.size >= mostNamespaces) return;
    this.#byNamespace.set(namespace, (counted ?? 0) + 1);
  }
}
