"use client";
import { Popover as Radix } from "radix-ui";
import { useId, type ReactNode } from "react";
import styles from "./popover.module.css";

export interface PopoverProps {
  /** The heading of what opens. */
  readonly title: string;
  /** What the button says. */
  readonly children: ReactNode;
  /** The accessible name of the button, where its text alone says too little. */
  readonly label?: string;
  readonly content: ReactNode;
  readonly className?: string | undefined;
  readonly align?: "start" | "end";
  readonly testId?: string;
}

/** A button in the text whose details open beside it. */
export function Popover({ title, label, content, children, className, align = "start", testId }: PopoverProps) {
  const id = useId();
  return (
    <Radix.Root>
      <Radix.Trigger className={`${styles.trigger} ${className ?? ""}`} aria-label={label} data-testid={testId}>
        {children}
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className={styles.popover}
          align={align}
          sideOffset={6}
          collisionPadding={12}
          aria-labelledby={id}
        >
          <h3 id={id} className={styles.title}>
            {title}
          </h3>
          {content}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
