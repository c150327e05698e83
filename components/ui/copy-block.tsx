"use client";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useAnnounce } from "./announcer.tsx";
import { Button } from "./button.tsx";
import styles from "./copy-block.module.css";
import { useShortcut } from "./shortcuts.tsx";

export interface CopyBlockProps {
  readonly text: string;
  /** What it is, for the button's name: `Copy the commands`. */
  readonly label: string;
  /** Whether `C` copies it: at most one on a page. */
  readonly hasShortcut?: boolean;
}

const saidMs = 2_000;

/** Text to take along: shown as it will be copied. */
export function CopyBlock({ text, label, hasShortcut = false }: CopyBlockProps) {
  const announce = useAnnounce();
  const [outcome, setOutcome] = useState<"copied" | "refused">();
  useEffect(() => {
    if (outcome === undefined) return undefined;
    const timer = setTimeout(() => setOutcome(undefined), saidMs);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => {
        setOutcome("copied");
        announce("Copied.");
      },
      () => setOutcome("refused"),
    );
  };
  useShortcut({ keys: "c", label, group: "Page", isOn: hasShortcut }, copy);
  return (
    <div className={styles.block}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{text}</pre>
      <Button
        size="small"
        className={styles.copy}
        icon={outcome === "copied" ? <Check size={13} aria-hidden="true" /> : <Copy size={13} aria-hidden="true" />}
        {...(hasShortcut ? { shortcut: "C" } : {})}
        aria-label={label}
        onClick={copy}
      >
        <span className={styles.word}>
          {outcome === "refused" ? "Select it" : outcome === "copied" ? "Copied" : "Copy"}
        </span>
      </Button>
    </div>
  );
}
