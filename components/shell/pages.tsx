import type { ReactNode } from "react";
import type { ClusterMode } from "#lib/protocol/index.ts";
import { DemoIcon, InformersIcon, LabIcon, OverviewIcon, PodsIcon, QueueIcon } from "./icons.tsx";

export interface PageEntry {
  readonly path: string;
  readonly label: string;
  /** `g`, then the letter of the page. */
  readonly keys: string;
  readonly icon: ReactNode;
  /** Of clusters of this mode only. */
  readonly mode?: ClusterMode;
}

/** Where the embedded cluster is steered and made to fail. */
export const demoPath = "/demo";

/** Every page that one can go to, in the order of the rail: rail, keys and palette are made of this. */
const pages: readonly PageEntry[] = [
  { path: "/", label: "Overview", keys: "g o", icon: <OverviewIcon /> },
  { path: "/queue", label: "Queue", keys: "g q", icon: <QueueIcon /> },
  { path: "/pods", label: "Pods", keys: "g p", icon: <PodsIcon /> },
  { path: "/informers", label: "Informers", keys: "g i", icon: <InformersIcon /> },
  { path: "/lab", label: "Lab", keys: "g l", icon: <LabIcon /> },
  { path: demoPath, label: "Demo", keys: "g d", icon: <DemoIcon />, mode: "embedded" },
];

export function pagesOf(mode: ClusterMode | undefined): readonly PageEntry[] {
  return pages.filter((page) => page.mode === undefined || page.mode === mode);
}
