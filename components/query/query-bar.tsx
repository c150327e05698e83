"use client";
import { Search, X } from "lucide-react";
import { useId, useRef, type KeyboardEvent, type ReactNode } from "react";
import { useShortcut } from "#components/ui/index.ts";
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

/** Tokens and free words: `verdict:no-fit ns:team-* age>5m indexer`. */
export function QueryBar(props: QueryBarProps) {
  const { group, query, onQuery, draft, onDraft, problem, isFocused = false, onLeave, children } = props;
  const input = useRef<HTMLInputElement>(null);
  const problemId = useId();
  useShortcut({ keys: "/", label: "Filter pods", group }, () => input.current?.focus());
  const tokens = tokensOf(query);
  const keep = (): void => {
    if (draft.trim() === "") return;
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
        <span key={token} className={styles.token}>
          {token}
          <button type="button" aria-label={`Drop ${token}`} onClick={() => onQuery(withoutToken(query, token))}>
            <X size={12} aria-hidden="true" />
          </button>
        </span>
      ))}
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
      />
      {problem !== undefined && (
        <span id={problemId} className={styles.problem} title={problem}>
          {problem}
        </span>
      )}
      {children}
    </div>
  );
}
