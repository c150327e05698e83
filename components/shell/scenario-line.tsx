"use client";
import { ArrowRight, Clapperboard } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useClusterList } from "#components/live/index.ts";
import { Button } from "#components/ui/index.ts";
import { useCluster } from "./cluster-context.ts";
import { useScenarios } from "./scenario-context.ts";
import { scenarioNamed, scenarioPodHref } from "./scenario.model.ts";
import styles from "./scenario-line.module.css";

/** Plays where nobody chose: then the page is as it is on any cluster. */
const usual = "busy";

/** What is played, and what to look at: on the page where one looks. */
export function ScenarioLine() {
  const { id } = useCluster();
  const path = usePathname();
  const { open } = useScenarios();
  const { data } = useClusterList();
  const scenario = scenarioNamed(data?.clusters.find((cluster) => cluster.id === id)?.scenario);
  if (scenario === undefined || scenario.name === usual || scenario.page !== path) return null;
  const href = scenarioPodHref(scenario, id);
  return (
    <aside className={styles.line} aria-label="Scenario" data-testid="scenario-line">
      <Clapperboard size={15} aria-hidden="true" />
      <p>
        <b>{scenario.title}.</b> {scenario.look}
      </p>
      {href !== undefined && (
        <Link className={styles.pod} href={href}>
          Open the pod <ArrowRight size={13} aria-hidden="true" />
        </Link>
      )}
      {path !== "/" && (
        <Button size="small" onClick={open}>
          Scenarios
        </Button>
      )}
    </aside>
  );
}
