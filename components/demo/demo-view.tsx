"use client";
import { Clapperboard } from "lucide-react";
import { Page, useCluster, useScenarios } from "#components/shell/index.ts";
import { Button } from "#components/ui/index.ts";
import { FaultsCard } from "./faults-card.tsx";
import styles from "./demo-view.module.css";
import { ReactionsCard } from "./reactions-card.tsx";

/** What can be done to the embedded cluster, beside what becomes of it. */
export function DemoView() {
  const { id, name } = useCluster();
  const { open } = useScenarios();
  return (
    <Page
      title="Demo"
      context={`${name}, embedded: make it fail, and see what the informers make of it`}
      actions={
        <Button icon={<Clapperboard size={14} aria-hidden="true" />} onClick={open}>
          Scenarios
        </Button>
      }
    >
      <div className={styles.cards}>
        <FaultsCard cluster={id} />
        <ReactionsCard cluster={id} />
      </div>
    </Page>
  );
}
