import type { Timer } from "#lib/clock/index.ts";
import { refOf } from "../api/local-client.ts";
import type { ControllerContext } from "./context.ts";

const sweepMs = 30_000;
const keptMs = 60 * 60 * 1000;
const keptEvents = 10_000;

/** Events live for an hour, as on a real server; here also no more than so many of them, the oldest going first. */
export function startEventExpiry({ client, clock }: ControllerContext): () => void {
  let timer: Timer = clock.setTimer(sweepMs, sweep);

  function sweep(): void {
    const oldest = clock.now() - keptMs;
    let surplus = client.count("events") - keptEvents;
    // The table keeps the order of creation, so the walk can end at the first one that stays.
    for (const event of client.list("events")) {
      if (surplus <= 0 && Date.parse(event.metadata.creationTimestamp ?? "") >= oldest) break;
      client.deleteIfPresent(refOf("events", event));
      surplus--;
    }
    timer = clock.setTimer(sweepMs, sweep);
  }

  return () => timer.cancel();
}
