import type { ReactNode } from "react";
import styles from "./chip.module.css";
import { classNames } from "./class-names.ts";
import type { Tone } from "./tone.ts";

export interface ChipProps {
  readonly children: ReactNode;
  readonly tone?: Tone;
  /** `solid` is for the one thing that decided, `strong` has the edge of a form control. */
  readonly variant?: "outline" | "strong" | "solid";
  readonly size?: "normal" | "small";
  readonly isMono?: boolean;
  readonly title?: string;
}

export function Chip({
  children,
  tone = "neutral",
  variant = "outline",
  size = "normal",
  isMono = false,
  title,
}: ChipProps) {
  return (
    <span
      className={classNames(styles.chip, styles[tone], styles[variant], styles[size], isMono && styles.mono)}
      title={title}
    >
      {children}
    </span>
  );
}
