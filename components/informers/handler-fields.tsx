"use client";
import { ChevronDown } from "lucide-react";
import { useId, type ReactNode } from "react";
import { formatPeriod } from "#components/ui/index.ts";
import type { PreviewResponse } from "#lib/protocol/index.ts";
import { addableKinds, kinds, resyncChoices, type FormProblems, type HandlerForm } from "./add-handler.model.ts";
import { CelField } from "./cel-field.tsx";
import styles from "./handler-fields.module.css";
import { celOutcome } from "./preview.model.ts";
import { kindIcons } from "./registration-cells.tsx";

export interface HandlerFieldsProps {
  readonly form: HandlerForm;
  readonly problems: FormProblems;
  readonly isNamespaced: boolean;
  /** What the server says of the form; absent until it has. */
  readonly preview: PreviewResponse | undefined;
  readonly onChange: (changed: Partial<HandlerForm>) => void;
}

export function HandlerFields({ form, problems, isNamespaced, preview, onChange }: HandlerFieldsProps) {
  const celProblem = preview?.problems.find(({ field }) => field === "cel");
  return (
    <div className={styles.fields}>
      <KindChoice value={form.kind} onChange={(kind) => onChange({ kind })} />
      <Field label="Owner" problem={problems.owner}>
        {(field) => (
          <input
            {...field}
            value={form.owner}
            maxLength={64}
            placeholder="Who it is for, e.g. incident-42"
            onChange={(event) => onChange({ owner: event.target.value })}
          />
        )}
      </Field>
      <Field label="Namespace" problem={problems.namespace}>
        {(field) => (
          <input
            {...field}
            className={styles.mono}
            value={isNamespaced ? form.namespace : ""}
            disabled={!isNamespaced}
            placeholder={isNamespaced ? "all" : "not namespaced"}
            onChange={(event) => onChange({ namespace: event.target.value })}
          />
        )}
      </Field>
      <Field label="Label selector" problem={problems.labelSelector}>
        {(field) => (
          <input
            {...field}
            className={styles.mono}
            value={form.labelSelector}
            placeholder="all"
            spellCheck={false}
            onChange={(event) => onChange({ labelSelector: event.target.value })}
          />
        )}
      </Field>
      <Field label="Field selector" problem={problems.fieldSelector}>
        {(field) => (
          <input
            {...field}
            className={styles.mono}
            value={form.fieldSelector}
            placeholder="all"
            spellCheck={false}
            onChange={(event) => onChange({ fieldSelector: event.target.value })}
          />
        )}
      </Field>
      <div className={styles.wide}>
        <CelField
          value={form.cel}
          onChange={(cel) => onChange({ cel })}
          outcome={celOutcome(form, preview)}
          mark={
            celProblem?.column === undefined
              ? undefined
              : { line: celProblem.line ?? 1, column: celProblem.column, length: celProblem.length ?? 1 }
          }
        />
      </div>
      <div className={styles.row}>
        <Field label="Resync period">
          {(field) => (
            <span className={styles.select}>
              <select
                {...field}
                value={form.resyncMs}
                onChange={(event) => onChange({ resyncMs: Number(event.target.value) })}
              >
                {resyncChoices.map((ms) => (
                  <option key={ms} value={ms}>
                    {ms === 0 ? "None" : formatPeriod(ms)}
                  </option>
                ))}
              </select>
              <ChevronDown size={14} aria-hidden="true" />
            </span>
          )}
        </Field>
        <Field label="Times, the same handler" problem={problems.times}>
          {(field) => (
            <input
              {...field}
              type="number"
              min={1}
              max={20}
              value={form.times}
              onChange={(event) => onChange({ times: event.target.valueAsNumber || 1 })}
            />
          )}
        </Field>
        <Field label="Delay, ms" problem={problems.delayMs}>
          {(field) => (
            <input
              {...field}
              type="number"
              min={1}
              max={60_000}
              disabled={form.kind !== "slow"}
              value={form.kind === "slow" ? form.delayMs : ""}
              placeholder="slow only"
              onChange={(event) => onChange({ delayMs: event.target.valueAsNumber || 0 })}
            />
          )}
        </Field>
      </div>
    </div>
  );
}

interface KindChoiceProps {
  readonly value: HandlerForm["kind"];
  readonly onChange: (kind: HandlerForm["kind"]) => void;
}

function KindChoice({ value, onChange }: KindChoiceProps) {
  const name = useId();
  return (
    <fieldset className={styles.kinds}>
      <legend>Kind</legend>
      {addableKinds.map((kind) => {
        const Icon = kindIcons[kind];
        return (
          <label key={kind} className={styles.kind}>
            <input type="radio" name={name} value={kind} checked={kind === value} onChange={() => onChange(kind)} />
            <Icon size={14} aria-hidden="true" />
            <b>{kinds[kind].title}</b>
            <small>{kinds[kind].text}</small>
          </label>
        );
      })}
    </fieldset>
  );
}

interface FieldProps {
  readonly label: string;
  readonly problem?: string | undefined;
  readonly children: (field: {
    readonly id: string;
    readonly "aria-describedby": string | undefined;
    readonly "aria-invalid": boolean;
  }) => ReactNode;
}

/** The line for a problem is always there, so that nothing moves when one appears. */
function Field({ label, problem, children }: FieldProps) {
  const id = useId();
  const problemId = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        "aria-describedby": problem === undefined ? undefined : problemId,
        "aria-invalid": problem !== undefined,
      })}
      <p id={problemId} className={styles.problem}>
        {problem}
      </p>
    </div>
  );
}
