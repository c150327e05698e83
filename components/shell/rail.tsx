"use client";
import { CircleQuestionMark, Moon, Plus, Sun } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { useTopic } from "#components/live/index.ts";
import { Kbd, formatCount, formatPlural, useShortcut } from "#components/ui/index.ts";
import type { Overview } from "#lib/protocol/index.ts";
import { pageHref } from "./cluster-choice.model.ts";
import { InformersIcon, OverviewIcon, QueueIcon, iconStroke } from "./icons.tsx";
import styles from "./rail.module.css";
import { useTheme } from "./theme.ts";

export interface RailProps {
  /** Absent until it is known. */
  readonly cluster: string | undefined;
  readonly switcher: ReactNode;
  readonly onShowShortcuts: () => void;
}

const noView = {};
const pendingIn = ({ queue }: Overview): number =>
  queue.active + queue.backoff + queue.unschedulable + queue.gated + queue.inFlight;
const informersIn = ({ informers }: Overview): Overview["informers"] => informers;

export function Rail({ cluster, switcher, onShowShortcuts }: RailProps) {
  const router = useRouter();
  const pending = useTopic(cluster, "overview", noView, pendingIn);
  const informers = useTopic(cluster, "overview", noView, informersIn);
  const { theme, toggle } = useTheme();

  const go = (path: string) => () => router.push(pageHref(path, cluster));
  useShortcut({ keys: "g o", label: "Overview", group: "Go to" }, go("/"));
  useShortcut({ keys: "g q", label: "Queue", group: "Go to" }, go("/queue"));
  useShortcut({ keys: "g i", label: "Informers", group: "Go to" }, go("/informers"));
  useShortcut({ keys: "t", label: "Light or dark", group: "Page" }, toggle);
  useShortcut({ keys: "?", label: "Shortcuts", group: "Page" }, onShowShortcuts);

  return (
    <nav className={styles.rail} aria-label="Primary">
      {switcher}
      <RailLink path="/" label="Overview" icon={<OverviewIcon />} cluster={cluster} />
      <RailLink
        path="/queue"
        label="Queue"
        icon={<QueueIcon />}
        cluster={cluster}
        count={pending.phase === "live" ? pending.value : undefined}
        says={pending.phase === "live" ? `${formatPlural(pending.value, "pod")} pending` : undefined}
      />
      <RailLink
        path="/informers"
        label="Informers"
        icon={<InformersIcon />}
        cluster={cluster}
        count={informers.phase === "live" ? informers.value.total : undefined}
        problems={informers.phase === "live" ? informers.value.problems : 0}
      />
      <span className={styles.space} />
      <Link className={styles.item} href="/attach" title="Attach cluster">
        <Plus size={16} strokeWidth={iconStroke} aria-hidden="true" />
        <span className={styles.label}>Attach cluster</span>
      </Link>
      <button type="button" className={styles.item} onClick={toggle} title="Light or dark" aria-keyshortcuts="T">
        {theme === "dark" ? (
          <Sun size={16} strokeWidth={iconStroke} aria-hidden="true" />
        ) : (
          <Moon size={16} strokeWidth={iconStroke} aria-hidden="true" />
        )}
        <span className={styles.label}>Theme</span>
        <span className={styles.count}>
          <Kbd>T</Kbd>
        </span>
      </button>
      <button type="button" className={styles.item} onClick={onShowShortcuts} title="Shortcuts" aria-keyshortcuts="?">
        <CircleQuestionMark size={16} strokeWidth={iconStroke} aria-hidden="true" />
        <span className={styles.label}>Shortcuts</span>
        <span className={styles.count}>
          <Kbd>?</Kbd>
        </span>
      </button>
    </nav>
  );
}

interface RailLinkProps {
  readonly path: string;
  readonly label: string;
  readonly icon: ReactNode;
  readonly cluster: string | undefined;
  readonly count?: number | undefined;
  readonly says?: string | undefined;
  readonly problems?: number;
}

function RailLink({ path, label, icon, cluster, count, says, problems = 0 }: RailLinkProps) {
  const isHere = usePathname() === path;
  return (
    <Link
      className={styles.item}
      href={pageHref(path, cluster)}
      aria-current={isHere ? "page" : undefined}
      title={says === undefined ? label : `${label}: ${says}`}
    >
      {icon}
      <span className={styles.label}>{label}</span>
      {problems > 0 && <span className={styles.problems} title={formatPlural(problems, "problem")} />}
      {count !== undefined && <span className={styles.count}>{formatCount(count)}</span>}
    </Link>
  );
}
