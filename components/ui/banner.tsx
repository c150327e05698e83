import type { ReactNode } from "react";
import styles from "./banner.module.css";

export interface BannerProps {
  readonly tone: "back" | "uns" | "miss";
  readonly icon: ReactNode;
  /** What happened, as a sentence. */
  readonly title: string;
  /** What follows from it. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** A row of 40 px under the top bar. Not a live region: whoever shows it announces the change itself, once. */
export function Banner({ tone, icon, title, children, actions }: BannerProps) {
  return (
    <section className={`${styles.banner} ${styles[tone]}`} aria-label="Notice">
      {icon}
      <b>{title}</b>
      <span className={styles.text}>{children}</span>
      {actions}
    </section>
  );
}
