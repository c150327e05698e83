"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { pageHref, useCluster } from "#components/shell/index.ts";
import type { LaneName, Place } from "#lib/protocol/index.ts";
import styles from "./pods-of-queue.module.css";

/** Where the pods of a lane are, as the Pods page calls it. */
const places = {
  active: ["active"],
  backoff: ["backoff", "errorBackoff"],
  unschedulable: ["unschedulable"],
  gated: ["gated"],
} as const satisfies Record<LaneName | "gated", readonly Place[]>;

/** How many pods a lane has: all of them, with their verdicts, are one click away. */
export function PodsOfQueue({
  queue,
  children,
}: {
  readonly queue: keyof typeof places;
  readonly children: ReactNode;
}) {
  const { id } = useCluster();
  return (
    <Link
      className={styles.link}
      href={`${pageHref("/pods", id)}&queue=${places[queue].join(",")}`}
      title="Open them in Pods"
    >
      {children}
    </Link>
  );
}
