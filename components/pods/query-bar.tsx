"use client";
import { Search, X } from "lucide-react";
import { useRef, type KeyboardEvent } from "react";
import { useShortcut } from "#components/ui/index.ts";
import styles from "./query-bar.module.css";
import { tokensOf, withoutToken, withToken } from "./query-text.model.ts";

export interface QueryBarProps {
  readonly query: string;
  readonly onQuery: (query: string) => void;
  /** What is being typed, before it becomes a token. */
  readonly draft: string;
  readonly onDraft: (draft: string) => void;
  /** Why the query cannot be read. */
  readonly problem: string | undefined;
}

/** Tokens and free words: `verdict:no-fit ns:team-* age>5m indexer`. */
export function QueryBar({ query, onQuery, draft, onDraft, problem }: QueryBarProps) {
  const input = useRef<HTMLInputElement>(null);
  useShortcut({ keys: "/", label: "Search pods", group: "Pods" }, () => input.current?.focus());
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
    } else if (event.key === "Escape") input.current?.blur();
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
        aria-describedby={problem === undefined ? undefined : "pods-query-problem"}
        placeholder={tokens.length === 0 ? "verdict: plugin: ns: node: label: age>5m or text" : ""}
        spellCheck={false}
        autoComplete="off"
        value={draft}
        onChange={(event) => onDraft(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {problem !== undefined && (
        <span id="pods-query-problem" className={styles.problem}>
          {problem}
        </span>
      )}
    </div>
  );
}
