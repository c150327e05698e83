"use client";
import { useId, useRef } from "react";
import { classNames } from "#components/ui/index.ts";
import styles from "./cel-field.module.css";
import { celTokens, type CelMark } from "./cel-tokens.model.ts";

export interface CelFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What the server says of it. */
  readonly outcome: { readonly kind: "good" | "wrong" | "quiet"; readonly text: string };
  readonly mark: CelMark | undefined;
}

/** A CEL expression, coloured as far as a glance needs, with the mistake marked where it is. */
export function CelField({ value, onChange, outcome, mark }: CelFieldProps) {
  const id = useId();
  const outcomeId = useId();
  const drawing = useRef<HTMLPreElement>(null);
  return (
    <div className={styles.field}>
      <label htmlFor={id}>
        CEL filter<small>object, oldObject</small>
      </label>
      <div className={classNames(styles.editor, outcome.kind === "wrong" && styles.wrong)}>
        <pre ref={drawing} aria-hidden="true">
          {celTokens(value, mark).map(({ at, kind, text, isWrong }) => (
            <span key={at} className={classNames(styles[kind], isWrong && styles.here)}>
              {text}
            </span>
          ))}
          {"\n"}
        </pre>
        <textarea
          id={id}
          value={value}
          rows={2}
          maxLength={2048}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          placeholder='object.status.phase == "Pending"'
          aria-invalid={outcome.kind === "wrong"}
          aria-describedby={outcomeId}
          onChange={(event) => onChange(event.target.value)}
          onScroll={(event) => drawing.current?.scrollTo(0, event.currentTarget.scrollTop)}
        />
      </div>
      <p id={outcomeId} className={classNames(styles.outcome, styles[outcome.kind])} data-testid="handler-cel-outcome">
        {outcome.text}
      </p>
    </div>
  );
}
