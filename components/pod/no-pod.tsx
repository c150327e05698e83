import Link from "next/link";
import { pageHref } from "#components/shell/index.ts";
import { EmptyState } from "#components/ui/index.ts";
import type { Problem } from "#lib/protocol/index.ts";
import styles from "./pod-view.module.css";

export interface NoPodProps {
  readonly problem: Problem;
  readonly cluster: string;
}

/** Why there is nothing to show, and whom one may have meant. It is asked for again every few seconds. */
export function NoPod({ problem: { title, message, hint, nearest = [] }, cluster }: NoPodProps) {
  return (
    <EmptyState title={`${title}.`}>
      {message} {hint}
      {nearest.length > 0 && (
        <ul className={styles.nearest} aria-label="Nearest names">
          {nearest.map(({ namespace, name }) => (
            <li key={`${namespace}/${name}`}>
              <Link
                href={`${pageHref("/pod", cluster)}&ns=${encodeURIComponent(namespace)}&name=${encodeURIComponent(name)}`}
              >
                <code>
                  {namespace}/{name}
                </code>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </EmptyState>
  );
}
