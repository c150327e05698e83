"use client";
import { Page, useCluster } from "#components/shell/index.ts";
import { FaultsCard } from "./faults-card.tsx";
import styles from "./demo-view.module.css";
import { ReactionsCard } from "./reactions-card.tsx";

/** What can be done to the embedded cluster, beside what becomes of it. */
export function DemoView() {
  const { id, name } = useCluster();
  return (
    <Page title="Demo" context={`${name}, embedded: make it fail, and see what the informers make of it`}>
      <div className={styles.cards}>
        <FaultsCard cluster={id} />
        <ReactionsCard cluster={id} />
      </div>
    </Page>
  );
}
