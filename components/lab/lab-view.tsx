"use client";
import dynamic from "next/dynamic";
import { Page } from "#components/shell/index.ts";
import styles from "./lab-view.module.css";

/** The queue and everything round it is loaded when somebody comes here. */
const Bench = dynamic(() => import("./bench.tsx").then((module) => module.Bench), {
  ssr: false,
  loading: () => <p className={styles.loading}>Setting up two queues …</p>,
});

/** Two queues on the same operations, beside each other. */
export function LabView() {
  return (
    <Page
      title="Lab"
      context="replay one sequence through two queue implementations"
      isAboutCluster={false}
      className={styles.page}
    >
      <Bench />
    </Page>
  );
}
