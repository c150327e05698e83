import type { InformedQueue } from "./event-pipeline.ts";

/** The queue as long as `isOpen`; what is told at other times is lost on it. */
export function queueWhile(isOpen: () => boolean, queue: InformedQueue): InformedQueue {
  return {
    add: (pod) => {
      if (isOpen()) queue.add(pod);
    },
    update: (old, updated) => {
      if (isOpen()) queue.update(old, updated);
    },
    delete: (pod) => {
      if (isOpen()) queue.delete(pod);
    },
    moveAllToActiveOrBackoffQueue: (event, old, updated, preCheck) => {
      if (isOpen()) queue.moveAllToActiveOrBackoffQueue(event, old, updated, preCheck);
    },
  };
}
