import type { ReactNode } from "react";
import styles from "./frame.module.css";

export interface FrameProps {
  readonly rail: ReactNode;
  readonly status: ReactNode;
  readonly children: ReactNode;
}

/** Rail, page, status bar. */
export function Frame({ rail, status, children }: FrameProps) {
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#main">
        Skip to the page
      </a>
      {rail}
      <main id="main" className={styles.main} tabIndex={-1}>
        {children}
      </main>
      {status}
    </div>
  );
}

/** What is drawn before the page runs in the browser: the frame, empty. */
export function EmptyFrame() {
  return (
    <Frame rail={<nav className={styles.rail} aria-label="Primary" />} status={<footer className={styles.status} />}>
      <p className={styles.loading}>Loading</p>
    </Frame>
  );
}
