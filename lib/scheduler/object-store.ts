import { objectKey, type KubeObject } from "#lib/kube/index.ts";
import type { Lister } from "./snapshot.ts";

/** The latest version of each object of one kind. */
export class ObjectStore<T extends KubeObject> implements Lister<T> {
  readonly #objects = new Map<string, T>();
  #version = 0;

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  all(): Iterable<T> {
    return this.#objects.values();
  }

  clear(): void {
    this.#version++;
    this.#objects.clear();
  }

  set(object: T): void {
    this.#version++;
    this.#objects.set(objectKey(object), object);
  }

  delete(object: T): void {
    this.#version++;
    this.#objects.delete(objectKey(object));
  }
}
