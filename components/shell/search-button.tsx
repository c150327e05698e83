"use client";
import { Search } from "lucide-react";
import { KeyCaps } from "#components/ui/index.ts";
import { useOpenPalette } from "./palette-context.ts";
import styles from "./search-button.module.css";

/** Looks like the field that it opens. */
export function SearchButton() {
  const open = useOpenPalette();
  return (
    <button
      type="button"
      className={styles.search}
      aria-keyshortcuts="Control+K"
      aria-haspopup="dialog"
      onClick={open}
      title="Search pods, go to, run"
      data-testid="palette-open"
    >
      <Search size={14} aria-hidden="true" />
      <span className={styles.words}>Search pods, go to, run</span>
      <KeyCaps keys="mod+k" />
    </button>
  );
}
