"use client";
import { useId, useState, type ReactNode } from "react";
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

const texts = [
  { key: "tolerations", name: "tolerates", placeholder: "key=value:Effect" },
  { key: "nodeSelector", name: "node selector", placeholder: "key=value" },
  { key: "nodeAffinity", name: "node affinity", placeholder: "zone in (a, b), !gpu" },
] as const;

/** Another spec, judged by the same plugins. Nothing is changed anywhere. */
export function WhatIfCard({ pod, question, onAsk }: WhatIfCardProps) {
  const own = formOf(pod.spec);
  const [form, setForm] = useState(own);
  const next = questionOf(form, pod.spec);
  const answer = question === undefined ? undefined : pod.whatIf;
  const problems = answer?.problems ?? {};
  const isRead = Object.keys(problems).length === 0;
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
          <Field key={resource} name={resource} problem={problems[`requests.${resource}`]}>
            {(field) => (
              <input
                {...field}
                value={amount}
                spellCheck={false}
                maxLength={64}
                onChange={({ target }) =>
                  setForm({ ...form, requests: { ...form.requests, [resource]: target.value } })
                }
              />
            )}
          </Field>
        ))}
        {texts.map(({ key, name, placeholder }) => (
          <Field key={key} name={name} problem={problems[key]}>
            {(field) => (
              <textarea
                {...field}
                rows={Math.min(4, Math.max(2, form[key].split("\n").length))}
                spellCheck={false}
                maxLength={20_000}
                placeholder={placeholder}
                value={form[key]}
                onChange={({ target }) => setForm({ ...form, [key]: target.value })}
              />
            )}
          </Field>
        ))}
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
          {isRead && <Glyph state={answer.fits > 0 ? "bound" : "unschedulable"} />}{" "}
          {answer.fits > 0 ? (
            <>
              <b>{formatPlural(answer.fits, "node takes", "nodes take")} it</b>: {answer.fitting.slice(0, 5).join(", ")}
              {answer.fits > 5 && " …"}
            </>
          ) : (
            <SentenceText sentence={answer.headline} />
          )}
        </output>
      )}
    </Card>
  );
}

interface FieldProps {
  readonly name: string;
  /** What is wrong with what was typed. */
  readonly problem: string | undefined;
  readonly children: (field: {
    readonly "aria-invalid": boolean;
    readonly "aria-describedby": string | undefined;
  }) => ReactNode;
}

function Field({ name, problem, children }: FieldProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label>
        <span>{name}</span>
        {children({
          "aria-invalid": problem !== undefined,
          "aria-describedby": problem === undefined ? undefined : id,
        })}
      </label>
      {problem !== undefined && (
        <small id={id} className={styles.problem}>
          {problem}
        </small>
      )}
    </div>
  );
}
