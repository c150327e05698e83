import type { Instant } from "#lib/clock/index.ts";
import type { ObjectKey } from "#lib/kube/index.ts";

/** A deletion that was inferred because the object is missing from a list. `object` is the last state that was seen. */
export interface DeletedFinalStateUnknown<T> {
  readonly deletedFinalStateUnknown: true;
  readonly key: ObjectKey;
  readonly object: T;
}

export type Deleted<T> = T | DeletedFinalStateUnknown<T>;

export function isDeletedFinalStateUnknown<T>(deleted: Deleted<T>): deleted is DeletedFinalStateUnknown<T> {
  return typeof deleted === "object" && deleted !== null && "deletedFinalStateUnknown" in deleted;
}

/** The object itself, whether its final state is known or not. */
export function lastState<T>(deleted: Deleted<T>): T {
  return isDeletedFinalStateUnknown(deleted) ? deleted.object : deleted;
}

/**
 * What is told about the objects of an informer. The objects are shared with the store and with everybody else:
 * nobody may change them. A method that returns a promise is awaited before the next call.
 */
export interface EventHandler<T> {
  onAdd?(object: T, isInInitialList: boolean): void | Promise<void>;
  onUpdate?(oldObject: T, newObject: T): void | Promise<void>;
  onDelete?(deleted: Deleted<T>): void | Promise<void>;
}

/** One thing to tell a handler. A single object is shared by all registrations that wait for it. */
export type Notification<T> =
  | { readonly kind: "add"; readonly at: Instant; readonly object: T; readonly isInInitialList: boolean }
  | { readonly kind: "update"; readonly at: Instant; readonly oldObject: T; readonly object: T }
  | { readonly kind: "delete"; readonly at: Instant; readonly deleted: Deleted<T> };

/** Many notifications of one instant, shared by all registrations and made only when they are delivered. */
export interface NotificationRun<T> {
  readonly at: Instant;
  readonly size: number;
  /** How many of them are adds of an initial list. */
  readonly initialAdds: number;
  notificationAt(index: number): Notification<T>;
}

/** One add per object. */
export function addRun<T>(objects: readonly T[], at: Instant, isInInitialList: boolean): NotificationRun<T> {
  return {
    at,
    size: objects.length,
    initialAdds: isInInitialList ? objects.length : 0,
    notificationAt: (index) => ({ kind: "add", at, object: objects[index] as T, isInInitialList }),
  };
}

/** One update per object, with the same object as old and new: a resync, or a replay. */
export function syncRun<T>(objects: readonly T[], at: Instant): NotificationRun<T> {
  return {
    at,
    size: objects.length,
    initialAdds: 0,
    notificationAt: (index) => {
      const object = objects[index] as T;
      return { kind: "update", at, oldObject: object, object };
    },
  };
}

export function runOf<T>(notifications: readonly Notification<T>[], at: Instant): NotificationRun<T> {
  let initialAdds = 0;
  for (const each of notifications) if (each.kind === "add" && each.isInInitialList) initialAdds++;
  return {
    at,
    size: notifications.length,
    initialAdds,
    notificationAt: (index) => notifications[index] as Notification<T>,
  };
}
