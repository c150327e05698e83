"use client";
import { Search, X } from "lucide-react";
import { useId, useRef, type KeyboardEvent, type ReactNode } from "react";
import { classNames, useShortcut } from "#components/ui/index.ts";
import { parseQuery } from "#lib/protocol/index.ts";
import styles from "./query-bar.module.css";
import { tokensOf, withoutToken, withToken } from "./query-text.model.ts";

export interface QueryBarProps {
  /** Of the shortcut: the page. */
  readonly group: string;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  /** What is being typed, before it becomes a token. */
  readonly draft: string;
  readonly onDraft: (draft: string) => void;
  /** Why the query cannot be read. */
  readonly problem: string | undefined;
  /** It was just opened, to be written in. */
  readonly isFocused?: boolean;
  /** Escape, with nothing in it. */
  readonly onLeave?: () => void;
  /** Behind the field: what came of it. */
  readonly children?: ReactNode;
}

/** Tokens and free words: `verdict:no-fit ns:team-* age>5m indexer`. What cannot be read is marked where it stands. */
export function QueryBar(props: QueryBarProps) {
  const { group, query, onQuery, draft, onDraft, problem: heard, isFocused = false, onLeave, children } = props;
  const input = useRef<HTMLInputElement>(null);
  const mirror = useRef<HTMLSpanElement>(null);
  const problemId = useId();
  useShortcut({ keys: "/", label: "Filter pods", group }, () => input.current?.focus());
  const tokens = tokensOf(query);
  const typed = parseQuery(draft);
  const problem = typed.problem ?? heard;
  const keep = (): void => {
    if (draft.trim() === "" || typed.problem !== undefined) return;
    onQuery(withToken(query, draft));
    onDraft("");
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = tokens.at(-1);
    if (event.key === "Enter") keep();
    else if (event.key === "Backspace" && draft === "" && last !== undefined) {
      event.preventDefault();
      onQuery(withoutToken(query, last));
      onDraft(last);
    } else if (event.key === "Escape") {
      input.current?.blur();
      if (draft === "" && tokens.length === 0) onLeave?.();
    }
  };
  return (
    <div className={styles.bar} data-invalid={problem !== undefined || undefined}>
      <Search size={15} className={styles.icon} aria-hidden="true" />
      {tokens.map((token) => (
        <span
          key={token}
          className={classNames(styles.token, parseQuery(token).problem !== undefined && styles.unread)}
          title={parseQuery(token).problem}
        >
          {token}
          <button type="button" aria-label={`Drop ${token}`} onClick={() => onQuery(withoutToken(query, token))}>
            <X size={12} aria-hidden="true" />
          </button>
        </span>
      ))}
      <span className={styles.field}>
        <span ref={mirror} className={styles.mirror} aria-hidden="true">
          <Marked text={draft} at={typed.problemAt} />
        </span>
        <input
          ref={input}
          type="text"
          aria-label="Filter pods"
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : problemId}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- somebody has just asked for the field
          autoFocus={isFocused}
          placeholder={tokens.length === 0 ? "verdict: plugin: ns: node: label: age>5m or text" : ""}
          spellCheck={false}
          autoComplete="off"
          value={draft}
          onChange={(event) => onDraft(event.target.value)}
          onKeyDown={onKeyDown}
          onScroll={(event) => mirror.current?.scrollTo(event.currentTarget.scrollLeft, 0)}
        />
      </span>
      {problem !== undefined && (
        <span id={problemId} className={styles.problem}>
          {problem}
        </span>
      )}
      {children}
    </div>
  );
}

/** The text as it stands in the field, drawn for the line under what cannot be read. */
function Marked({ text, at }: { readonly text: string; readonly at: { from: number; to: number } | undefined }) {
  if (at === undefined) return null;
  return (
    <>
      {text.slice(0, at.from)}
      <span className={styles.wrong} data-testid="query-wrong">
        {text.slice(at.from, at.to)}
      </span>
      {text.slice(at.to)}
    </>
  );
}
