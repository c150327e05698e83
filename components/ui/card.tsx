import { useId, type ReactNode } from "react";
import styles from "./card.module.css";
import { classNames } from "./class-names.ts";

export interface CardProps {
  readonly title: string;
  /** One line beside the title. */
  readonly context?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string | undefined;
}

/** A section with a name. */
export function Card({ title, context, actions, children, className }: CardProps) {
  const id = useId();
  return (
    <section className={classNames(styles.card, className)} aria-labelledby={id}>
      <header className={styles.header}>
        <h2 id={id}>{title}</h2>
        <div className={styles.context}>{context}</div>
        {actions}
      </header>
      {children}
    </section>
  );
}
