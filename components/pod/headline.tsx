"use client";
import { CircleOff } from "lucide-react";
import type { ReactNode } from "react";
import { Elapsed } from "#components/live/index.ts";
import { Provenance, formatDuration, formatExactCount } from "#components/ui/index.ts";
import { PlaceLabel, SentenceText, VerdictGlyph } from "#components/verdict/index.ts";
import type { PodDetail } from "#lib/protocol/index.ts";
import styles from "./headline.module.css";

/** The answer, in one sentence, and what it is made of in one line. */
export function Headline({ pod, actions }: { readonly pod: PodDetail; readonly actions: ReactNode }) {
  const { verdict, provenance, spec } = pod;
  const requests = Object.entries(spec.requests);
  const isGone = pod.state === "gone";
  const shouldBe = pod.split?.expected.stays.at(-1)?.queue;
  return (
    <section
      className={`${styles.card} ${isGone ? "" : styles[verdict.severity]}`}
      aria-label="Verdict"
      data-testid="pod-verdict"
    >
      <div className={styles.top}>
        {isGone ? (
          <CircleOff size={18} aria-hidden="true" />
        ) : (
          <VerdictGlyph code={verdict.code} severity={verdict.severity} size={18} />
        )}
        <h2 data-code={verdict.code}>
          <SentenceText sentence={verdict.headline} />
        </h2>
        <div className={styles.actions}>{actions}</div>
      </div>
      <dl className={styles.facts}>
        <Fact name="Pending">
          {pod.endedAt === undefined ? (
            <Elapsed since={pod.pendingSince} />
          ) : (
            formatDuration(Math.max(0, pod.endedAt - pod.pendingSince))
          )}
        </Fact>
        {pod.lastVerdict !== undefined && (
          <Fact name="Last verdict">
            <SentenceText sentence={pod.lastVerdict} isPlain />
          </Fact>
        )}
        {shouldBe !== undefined && (
          <Fact name="Should be in">
            <PlaceLabel place={shouldBe} />
          </Fact>
        )}
        {pod.state === "pending" && (
          <Fact name={shouldBe === undefined ? "In" : "Is in"}>
            <Provenance of={provenance}>
              <PlaceLabel place={pod.queue} />
            </Provenance>{" "}
            {pod.queueSince !== undefined && (
              <small>
                <Elapsed since={pod.queueSince} />
              </small>
            )}
          </Fact>
        )}
        {pod.attempts !== undefined && (
          <Fact name="Attempts">
            <Provenance of={provenance}>
              {pod.isAttemptsAtLeast === true && "at least "}
              {formatExactCount(pod.attempts)}
            </Provenance>
          </Fact>
        )}
        {pod.nextTry !== undefined && pod.state === "pending" && (
          <Fact name="Next try">
            <SentenceText sentence={pod.nextTry} />
          </Fact>
        )}
        {pod.ahead !== undefined && pod.ahead.count > 0 && (
          <Fact name="Ahead">
            {formatExactCount(pod.ahead.count)}
            {pod.ahead.first !== undefined && ` from ${pod.ahead.first.namespace}/${pod.ahead.first.name}`}
          </Fact>
        )}
        {requests.length > 0 && (
          <Fact name="Requests">{requests.map(([resource, amount]) => `${amount} ${resource}`).join(", ")}</Fact>
        )}
        <Fact name="Priority">{formatExactCount(spec.priority)}</Fact>
        {spec.scheduler !== "default-scheduler" && <Fact name="Scheduler">{spec.scheduler}</Fact>}
        {pod.node !== undefined && <Fact name="Node">{pod.node}</Fact>}
        {verdict.provenance === "simulated" && <small className={styles.model}>by our model</small>}
      </dl>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
