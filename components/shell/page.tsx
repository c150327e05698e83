"use client";
import { RefreshCw, TriangleAlert } from "lucide-react";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { FaultsBanner } from "#components/faults/index.ts";
import { useClock, useConnection, useTopic } from "#components/live/index.ts";
import { Banner, classNames, formatAge, formatClock } from "#components/ui/index.ts";
import type { Cluster, Overview } from "#lib/protocol/index.ts";
import { pageHref } from "./cluster-choice.model.ts";
import { useCluster } from "./cluster-context.ts";
import { ConnectionBanner } from "./connection-banner.tsx";
import { LiveButton } from "./live-button.tsx";
import styles from "./page.module.css";
import { demoPath } from "./pages.tsx";
import { ScenarioLine } from "./scenario-line.tsx";
import { SearchButton } from "./search-button.tsx";
import { useStaleness } from "./use-staleness.ts";

export interface PageProps {
  readonly title: string;
  /** One line beside the title. */
  readonly context?: ReactNode;
  /** Left of the live button. */
  readonly actions?: ReactNode;
  /** The page uses the space key itself; the live view is then paused by ⇧space. */
  readonly isSpaceTaken?: boolean;
  /** Unless the page is the same whatever the cluster does. */
  readonly isAboutCluster?: boolean;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** Top bar, banners, and the page under them, which never scrolls as a whole on a wide screen. */
export function Page(props: PageProps) {
  const { title, context, actions, isSpaceTaken = false, isAboutCluster = true, className, children } = props;
  const isLost = useConnection().state.phase === "lost";
  return (
    <>
      <header className={styles.top}>
        <h1>{title}</h1>
        <div className={styles.context}>{context}</div>
        {actions}
        <SearchButton />
        {isAboutCluster && <LiveButton keys={isSpaceTaken ? "shift+space" : "space"} />}
      </header>
      <div className={styles.banners}>
        <ConnectionBanner />
        {isAboutCluster && <ClusterBanner />}
        {isAboutCluster && <SilenceBanner />}
        {isAboutCluster && <DemoBanner />}
        {isAboutCluster && <ScenarioLine />}
      </div>
      <div className={classNames(styles.page, isLost && isAboutCluster && styles.stale, className)}>{children}</div>
    </>
  );
}

const noView = {};
const clusterIn = ({ cluster }: Overview): Cluster => cluster;

function ClusterBanner() {
  const cluster = useCluster();
  const live = useTopic(cluster.id, "overview", noView, clusterIn);
  if (live.phase === "closed") {
    return (
      <Banner tone="uns" icon={<TriangleAlert size={16} aria-hidden="true" />} title={`${live.problem.title}.`}>
        {[live.problem.message, live.problem.hint].filter(Boolean).join(" ")}
      </Banner>
    );
  }
  const { phase, problem, name } = live.phase === "live" ? live.value : cluster;
  switch (phase) {
    case "connected":
    case "starting":
      return null;
    case "reconnecting":
      return (
        <Banner tone="back" icon={<RefreshCw size={16} aria-hidden="true" />} title={`${name} does not answer.`}>
          {problem === undefined ? "Trying again." : `${problem.title}. ${problem.message} ${problem.hint}`}
        </Banner>
      );
    case "failed":
    case "stopped":
      return (
        <Banner
          tone="uns"
          icon={<TriangleAlert size={16} aria-hidden="true" />}
          title={`${name} is not being watched.`}
        >
          {problem === undefined ? "" : `${problem.title}. ${problem.message} ${problem.hint}`}
        </Banner>
      );
    default:
      return phase satisfies never;
  }
}

/** A demo in which something goes wrong on purpose says so, wherever one looks. */
function DemoBanner() {
  const { id, mode } = useCluster();
  const isThere = usePathname() === demoPath;
  if (mode !== "embedded") return null;
  return <FaultsBanner cluster={id} href={isThere ? undefined : pageHref(demoPath, id)} />;
}

/** The server answers, but the picture of this cluster does not move any more. */
function SilenceBanner() {
  const { id, name } = useCluster();
  const { staleness, asOf } = useStaleness(id);
  const now = useClock();
  if (staleness !== "silent") return null;
  return (
    <div data-silent>
      <Banner
        tone="back"
        icon={<RefreshCw size={16} aria-hidden="true" />}
        title={`${name} has been silent for ${formatAge(now - asOf)}.`}
      >
        {`Everything below is from ${formatClock(asOf)}.`}
      </Banner>
    </div>
  );
}
