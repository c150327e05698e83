"use client";
import { Check, Plug, ShieldQuestionMark, Unplug } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { pageHref } from "#components/shell/index.ts";
import { Button, Chip, classNames } from "#components/ui/index.ts";
import { describeContext, rawError, type ContextRow } from "./attach.model.ts";
import styles from "./context-card.module.css";

export interface ContextCardProps {
  readonly row: ContextRow;
  /** The address asks for this one. It is pointed at, never attached by itself. */
  readonly isWanted: boolean;
  readonly isPending: boolean;
  /** Why nothing can be attached now. */
  readonly blocked: string | undefined;
  readonly error: string | undefined;
  readonly onAttach: () => void;
}

export function ContextCard({ row, isWanted, isPending, blocked, error, onAttach }: ContextCardProps) {
  const { context, state } = row;
  const [isErrorShown, setErrorShown] = useState(false);
  return (
    <article
      className={classNames(styles.card, isWanted && styles.wanted)}
      aria-label={context.name}
      data-testid={`context-${context.id}`}
    >
      <StateIcon kind={state.kind} />
      <div className={styles.words}>
        <h2>
          {context.name}
          {context.isCurrent && <Chip variant="strong">current context</Chip>}
        </h2>
        <p className={styles.where}>{describeContext(context)}</p>
        {state.kind === "problem" && (
          <p>
            <b className={styles.problem}>{state.problem.title}.</b> {state.problem.hint}
          </p>
        )}
        {state.kind === "starting" && <p>Connecting.</p>}
        {state.kind === "attached" && <p>Attached.</p>}
        {error !== undefined && (
          <p className={styles.problem} role="alert">
            {error}
          </p>
        )}
        {state.kind === "needsApproval" && (
          <>
            <p>Signing in runs this command on this machine. It is remembered until the command changes.</p>
            <pre className={styles.command}>{state.command}</pre>
          </>
        )}
        {state.kind === "problem" && isErrorShown && (
          <pre className={styles.command}>{rawError(context, state.problem)}</pre>
        )}
      </div>
      <div className={styles.actions}>
        {state.kind === "problem" && (
          <Button
            size="small"
            variant="ghost"
            aria-expanded={isErrorShown}
            onClick={() => setErrorShown(!isErrorShown)}
          >
            {isErrorShown ? "Hide error" : "Show error"}
          </Button>
        )}
        {state.kind === "attached" && (
          <Link className={styles.open} href={pageHref("/", context.id)}>
            Open
          </Link>
        )}
        {state.kind !== "attached" && (
          <Button
            size="small"
            isPending={isPending || state.kind === "starting"}
            disabledReason={blocked}
            onClick={onAttach}
          >
            {attachWords[state.kind]}
          </Button>
        )}
      </div>
    </article>
  );
}

const attachWords = {
  free: "Attach",
  starting: "Attach",
  needsApproval: "Run it and attach",
  problem: "Retry",
} as const satisfies Record<Exclude<ContextRow["state"]["kind"], "attached">, string>;

function StateIcon({ kind }: { readonly kind: ContextRow["state"]["kind"] }) {
  switch (kind) {
    case "attached":
      return <Check size={16} aria-hidden="true" />;
    case "needsApproval":
      return <ShieldQuestionMark size={16} aria-hidden="true" />;
    case "problem":
      return <Unplug size={16} aria-hidden="true" />;
    case "free":
    case "starting":
      return <Plug size={16} aria-hidden="true" />;
    default:
      return kind satisfies never;
  }
}
