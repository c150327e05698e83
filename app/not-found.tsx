import Link from "next/link";
import { EmptyState } from "#components/ui/index.ts";
import styles from "./not-found.module.css";

export default function NotFound() {
  return (
    <EmptyState isPage title="There is no such page.">
      <Link className={styles.link} href="/">
        Go to the overview
      </Link>
    </EmptyState>
  );
}
