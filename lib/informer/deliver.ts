import { lastState, type EventHandler, type Notification } from "./notification.ts";

/** Whether a handler wants to know of an object. */
export type ObjectFilter<T> = (object: T) => boolean;

/** Has the last word on what would be told. The object before is there for an update only. */
export type ChangeFilter<T> = (object: T, oldObject: T | undefined) => boolean;

export interface Filters<T> {
  readonly filter: ObjectFilter<T> | undefined;
  readonly accepts: ChangeFilter<T> | undefined;
}

/** A call was made, and perhaps has to be waited for; or there was nothing to tell. */
export type Delivery = { readonly returned: void | Promise<void> } | "filtered";

/**
 * Calls the handler for one notification. With a filter, an update becomes add, update, delete or nothing according to
 * which of the two objects passes; what comes of it is told if it is accepted. Throws what the handler or a filter throws.
 * Upstream: `FilteringResourceEventHandler`.
 */
export function deliver<T>(
  handler: EventHandler<T>,
  notification: Notification<T>,
  { filter, accepts }: Filters<T>,
): Delivery {
  switch (notification.kind) {
    case "add": {
      const { object, isInInitialList } = notification;
      if (filter !== undefined && !filter(object)) return "filtered";
      if (accepts !== undefined && !accepts(object, undefined)) return "filtered";
      return { returned: handler.onAdd?.(object, isInInitialList) };
    }
    case "update": {
      const { oldObject, object } = notification;
      const did = filter === undefined || filter(oldObject);
      const does = filter === undefined || filter(object);
      if (!did && !does) return "filtered";
      if (accepts !== undefined && !accepts(does ? object : oldObject, did && does ? oldObject : undefined)) {
        return "filtered";
      }
      if (did && does) return { returned: handler.onUpdate?.(oldObject, object) };
      return { returned: does ? handler.onAdd?.(object, false) : handler.onDelete?.(oldObject) };
    }
    case "delete": {
      const { deleted } = notification;
      if (filter !== undefined && !filter(lastState(deleted))) return "filtered";
      if (accepts !== undefined && !accepts(lastState(deleted), undefined)) return "filtered";
      return { returned: handler.onDelete?.(deleted) };
    }
    default:
      return assertNever(notification);
  }
}

function assertNever(value: never): never {
  throw new Error(`unexpected notification ${JSON.stringify(value)}`);
}
