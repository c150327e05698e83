"use client";
import { useTopic } from "#components/live/index.ts";
import { podHref } from "#components/shell/index.ts";
import { formatClock, formatPlural, Glyph, PodName, Popover } from "#components/ui/index.ts";
import type { LostEvent, Scheduler } from "#lib/protocol/index.ts";
import Link from "next/link";
import { LabButton } from "./lab-button.tsx";
import { lossInLab } from "./lab-pod.model.ts";
import styles from "./lost-events.module.css";

export interface LostEventsProps {
  readonly cluster: string;
}

const noView = {};
const lossesIn = ({ lost = {}, lostTotal = 0 }: Scheduler) => ({ losses: Object.values(lost), total: lostTotal });

/**
 * With `--queue historical`: which pods the list of 1.28.0 parked although something happened that they waited for, as a
 * correct queue beside it knows.
 */
export function LostEvents({ cluster }: LostEventsProps) {
  const topic = useTopic(cluster, "scheduler", noView, lossesIn);
  if (topic.phase !== "live") return null;
  const { losses, total } = topic.value;
  const [last, ...others] = losses.toSorted((a, b) => b.at - a.at);
  return (
    <section className={styles.row} aria-label="Lost events" data-testid="queue-lost">
      <Glyph state={last === undefined ? "bound" : "missed"} />
      <b>The list of 1.28.0</b>
      {last === undefined ? (
        <span className={styles.quiet}>has lost no event so far. A correct queue runs beside it, and would know.</span>
      ) : (
        <>
          <span>lost {formatPlural(total, "event")}.</span>
          <Loss cluster={cluster} loss={last} />
          <LabButton pod={() => lossInLab(last)} />
          {others.length > 0 && (
            <Popover
              title="Events that it lost"
              align="end"
              content={
                <ul className={styles.list}>
                  {[last, ...others].map((loss) => (
                    <li key={loss.uid}>
                      <Loss cluster={cluster} loss={loss} />
                    </li>
                  ))}
                </ul>
              }
            >
              All {losses.length}
            </Popover>
          )}
        </>
      )}
    </section>
  );
}

/** The pod, the event and who wanted it, in one sentence. */
function Loss({ cluster, loss }: { readonly cluster: string; readonly loss: LostEvent }) {
  const { event, plugin, wokenAt, wokenBy, correct } = loss;
  return (
    <span className={styles.loss}>
      <Link href={podHref(cluster, loss)}>
        <PodName namespace={loss.namespace} name={loss.name} />
      </Link>{" "}
      missed{" "}
      <b>
        {event.label} {event.object ?? ""}
      </b>{" "}
      of {formatClock(event.at)}, which {plugin ?? "any plugin"} wanted; a correct queue has it in {correct}
      {wokenAt === undefined ? "." : `, and was woken at ${formatClock(wokenAt)} by ${wokenBy ?? "something else"}.`}
    </span>
  );
}
