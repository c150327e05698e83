import { lastState, type EventHandler, type Notification } from "./notification.ts";

/** Whether a handler wants to know of an object. */
export type ObjectFilter<T> = (object: T) => boolean;

/** A call was made, and perhaps has to be waited for; or there was nothing to tell. */
export type Delivery = { readonly returned: void | Promise<void> } | "filtered";

/**
 * Calls the handler for one notification. With a filter, an update becomes add, update, delete or nothing according to
 * which of the two objects passes. Throws what the handler or the filter throws.
 * Upstream: `FilteringResourceEventHandler`.
 */
export function deliver<T>(
  handler: EventHandler<T>,
  notification: Notification<T>,
  filter: ObjectFilter<T> | undefined,
): Delivery {
  switch (notification.kind) {
    case "add": {
      const { object, isInInitialList } = notification;
      if (filter !== undefined && !filter(object)) return "filtered";
      return { returned: handler.onAdd?.(object, isInInitialList) };
    }
    case "update": {
      const { oldObject, object } = notification;
      if (filter === undefined) return { returned: handler.onUpdate?.(oldObject, object) };
      const [did, does] = [filter(oldObject), filter(object)];
      if (did && does) return { returned: handler.onUpdate?.(oldObject, object) };
      if (does) return { returned: handler.onAdd?.(object, false) };
      return did ? { returned: handler.onDelete?.(oldObject) } : "filtered";
    }
    case "delete": {
      const { deleted } = notification;
      if (filter !== undefined && !filter(lastState(deleted))) return "filtered";
      return { returned: handler.onDelete?.(deleted) };
    }
    default:
      return assertNever(notification);
  }
}

function assertNever(value: never): never {
  throw new Error(`unexpected notification ${JSON.stringify(value)}`);
}
