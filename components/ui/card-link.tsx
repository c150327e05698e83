import { ArrowRight } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import styles from "./card-link.module.css";

/** From the head of a card to the page that has all of it. */
export function CardLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return (
    <Link className={styles.link} href={href}>
      {children} <ArrowRight size={13} aria-hidden="true" />
    </Link>
  );
}
