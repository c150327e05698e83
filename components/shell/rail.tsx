"use client";
import { CircleQuestionMark, Moon, Plus, Sun } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { useTopic } from "#components/live/index.ts";
import { Glyph, Kbd, VisuallyHidden, formatCount, formatPlural, useShortcut } from "#components/ui/index.ts";
import type { Attention, ClusterMode, Faults, Overview } from "#lib/protocol/index.ts";
import { pageHref } from "./cluster-choice.model.ts";
import { iconStroke } from "./icons.tsx";
import { demoPath, pagesOf, type PageEntry } from "./pages.tsx";
import styles from "./rail.module.css";
import { useTheme } from "./theme.ts";

export interface RailProps {
  /** Absent until it is known. */
  readonly cluster: string | undefined;
  readonly mode: ClusterMode | undefined;
  readonly switcher: ReactNode;
  readonly onShowShortcuts: () => void;
}

const noView = {};
const pendingIn = ({ queue }: Overview): number =>
  queue.active + queue.backoff + queue.unschedulable + queue.gated + queue.inFlight;
const needYouIn = ({ needYou }: Attention): number => needYou;
const faultsIn = ({ on }: Faults): Faults["on"] => on;
const informersIn = ({ informers }: Overview): Overview["informers"] => informers;

export function Rail({ cluster, mode, switcher, onShowShortcuts }: RailProps) {
  const pending = useTopic(cluster, "overview", noView, pendingIn);
  const informers = useTopic(cluster, "overview", noView, informersIn);
  const faults = useTopic(mode === "embedded" ? cluster : undefined, "faults", noView, faultsIn);
  const needYou = useTopic(cluster, "attention", noView, needYouIn);
  const { theme, toggle } = useTheme();

  const counts: Readonly<Record<string, RailCount>> = {
    "/queue":
      pending.phase === "live" ? { count: pending.value, says: `${formatPlural(pending.value, "pod")} pending` } : {},
    "/pods": needYou.phase === "live" && needYou.value > 0 ? { needYou: needYou.value } : {},
    "/informers":
      informers.phase === "live" ? { count: informers.value.total, problems: informers.value.problems } : {},
    [demoPath]: faults.phase === "live" ? faultCount(Object.keys(faults.value).length) : {},
  };

  useShortcut({ keys: "t", label: "Light or dark", group: "Page" }, toggle);
  useShortcut({ keys: "?", label: "Shortcuts", group: "Page" }, onShowShortcuts);

  return (
    <nav className={styles.rail} aria-label="Primary">
      {switcher}
      {pagesOf(mode).map((page) => (
        <RailLink key={page.path} page={page} cluster={cluster} {...counts[page.path]} />
      ))}
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

/** What stands beside the name of a page. */
interface RailCount {
  readonly count?: number;
  readonly says?: string;
  readonly problems?: number;
  /** Pods that wait for somebody. */
  readonly needYou?: number;
}

function faultCount(count: number): RailCount {
  return count === 0 ? {} : { count, says: `${formatPlural(count, "fault")} on` };
}

interface RailLinkProps extends RailCount {
  readonly page: PageEntry;
  readonly cluster: string | undefined;
}

function RailLink({ page: { path, label, keys, icon }, cluster, count, says, problems = 0, needYou }: RailLinkProps) {
  const router = useRouter();
  const isHere = usePathname() === path;
  const href = pageHref(path, cluster);
  useShortcut({ keys, label, group: "Go to" }, () => router.push(href));
  return (
    <Link
      className={styles.item}
      href={href}
      aria-current={isHere ? "page" : undefined}
      title={says === undefined ? label : `${label}: ${says}`}
    >
      {icon}
      <span className={styles.label}>{label}</span>
      {problems > 0 && <span className={styles.problems} title={formatPlural(problems, "problem")} />}
      {needYou !== undefined && (
        <span className={styles.needYou} title={formatPlural(needYou, "pod needs you", "pods need you")}>
          <Glyph state="missed" size={11} />
          <b>{formatCount(needYou)}</b>
          <VisuallyHidden> need you</VisuallyHidden>
        </span>
      )}
      {count !== undefined && <span className={styles.count}>{formatCount(count)}</span>}
    </Link>
  );
}
