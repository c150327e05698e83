"use client";
import { useState } from "react";
import { Button, Card, Glyph, formatPlural } from "#components/ui/index.ts";
import { SentenceText } from "#components/verdict/index.ts";
import type { PodDetail, WhatIf } from "#lib/protocol/index.ts";
import { formOf, questionOf } from "./what-if.model.ts";
import styles from "./what-if-card.module.css";

export interface WhatIfCardProps {
  readonly pod: PodDetail;
  readonly question: WhatIf | undefined;
  readonly onAsk: (question: WhatIf | undefined) => void;
}

/** Another spec, judged by the same plugins. Nothing is changed anywhere. */
export function WhatIfCard({ pod, question, onAsk }: WhatIfCardProps) {
  const own = formOf(pod.spec);
  const [form, setForm] = useState(own);
  const next = questionOf(form, pod.spec);
  const answer = question === undefined ? undefined : pod.whatIf;
  return (
    <Card title="What if" context="nothing is changed anywhere" className={styles.card}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          onAsk(next);
        }}
      >
        {Object.entries(form.requests).map(([resource, amount]) => (
          <label key={resource}>
            {resource}
            <input
              value={amount}
              spellCheck={false}
              onChange={(event) => setForm({ ...form, requests: { ...form.requests, [resource]: event.target.value } })}
            />
          </label>
        ))}
        <label>
          tolerates
          <textarea
            rows={2}
            spellCheck={false}
            placeholder="key=value:Effect"
            value={form.tolerations}
            onChange={(event) => setForm({ ...form, tolerations: event.target.value })}
          />
        </label>
        <label>
          node selector
          <textarea
            rows={2}
            spellCheck={false}
            placeholder="key=value"
            value={form.nodeSelector}
            onChange={(event) => setForm({ ...form, nodeSelector: event.target.value })}
          />
        </label>
        <div className={styles.row}>
          <Button
            type="submit"
            size="small"
            disabledReason={next === undefined ? "Change something first." : undefined}
          >
            Try it
          </Button>
          {(question !== undefined || next !== undefined) && (
            <Button
              size="small"
              variant="ghost"
              onClick={() => {
                setForm(own);
                onAsk(undefined);
              }}
            >
              As it is
            </Button>
          )}
        </div>
      </form>
      {answer !== undefined && (
        <output className={styles.answer} data-testid="whatif-answer">
          {answer.problem ?? (
            <>
              <Glyph state={answer.fits > 0 ? "bound" : "unschedulable"} />{" "}
              {answer.fits > 0 ? (
                <>
                  <b>{formatPlural(answer.fits, "node takes", "nodes take")} it</b>:{" "}
                  {answer.fitting.slice(0, 5).join(", ")}
                  {answer.fits > 5 && " …"}
                </>
              ) : (
                <SentenceText sentence={answer.headline} />
              )}
            </>
          )}
        </output>
      )}
    </Card>
  );
}
