"use client";
import { ChevronsUpDown, Clapperboard, Plus } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { Popover } from "radix-ui";
import { useState } from "react";
import { useClusterList, useTopic } from "#components/live/index.ts";
import { Glyph, Kbd, Skeleton, VisuallyHidden, formatCount, useShortcut } from "#components/ui/index.ts";
import type { Attention, Cluster, Overview } from "#lib/protocol/index.ts";
import { initialsOf, pageHref } from "./cluster-choice.model.ts";
import styles from "./cluster-switcher.module.css";
import { ModeIcon, modeNames } from "./icons.tsx";
import { useScenarios } from "./scenario-context.ts";
import { scenarioNamed } from "./scenario.model.ts";

/** From here on a search field helps. */
const many = 6;
const noView = {};

export function ClusterSwitcher({ current }: { readonly current: Cluster | undefined }) {
  const [isOpen, setOpen] = useState(false);
  useShortcut({ keys: "g c", label: "Switch cluster", group: "Go to" }, () => setOpen(true));
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger className={styles.trigger}>
        <VisuallyHidden>Switch cluster, </VisuallyHidden>
        <span className={styles.initials} aria-hidden="true">
          {current === undefined ? "" : initialsOf(current.name)}
        </span>
        <span className={styles.names}>
          {current === undefined ? (
            <Skeleton width={90} />
          ) : (
            <>
              <b>{current.name}</b>
              <small>
                <ModeIcon mode={current.mode} />
                {modeNames[current.mode]}
              </small>
            </>
          )}
        </span>
        <ChevronsUpDown className={styles.chevrons} size={14} aria-hidden="true" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles.popover} align="start" sideOffset={6} aria-label="Clusters">
          <ClusterMenu current={current?.id} onChoose={() => setOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface ClusterMenuProps {
  readonly current: string | undefined;
  readonly onChoose: () => void;
}

function ClusterMenu({ current, onChoose }: ClusterMenuProps) {
  const { data } = useClusterList();
  const [search, setSearch] = useState("");
  const { open } = useScenarios();
  const clusters = data?.clusters ?? [];
  const embedded = clusters.find(({ mode }) => mode === "embedded");
  const found = clusters.filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <>
      {clusters.length >= many && (
        <input
          className={styles.search}
          type="search"
          placeholder="Find a cluster"
          aria-label="Find a cluster"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      )}
      <ul className={styles.clusters}>
        {found.map((cluster, index) => (
          <ClusterRow
            key={cluster.id}
            cluster={cluster}
            isCurrent={cluster.id === current}
            digit={index + 1 < 10 ? String(index + 1) : undefined}
            onChoose={onChoose}
          />
        ))}
        {found.length === 0 && <li className={styles.none}>No cluster matches.</li>}
      </ul>
      {embedded !== undefined && (
        <button
          type="button"
          className={styles.attach}
          onClick={() => {
            onChoose();
            open();
          }}
        >
          <Clapperboard size={14} aria-hidden="true" />
          Scenarios
          <small>{scenarioNamed(embedded.scenario)?.title ?? ""}</small>
        </button>
      )}
      <Link className={styles.attach} href="/attach" onClick={onChoose}>
        <Plus size={14} aria-hidden="true" />
        Attach cluster
      </Link>
    </>
  );
}

interface ClusterRowProps {
  readonly cluster: Cluster;
  readonly isCurrent: boolean;
  readonly digit: string | undefined;
  readonly onChoose: () => void;
}

const pendingIn = ({ queue }: Overview): number =>
  queue.active + queue.backoff + queue.unschedulable + queue.gated + queue.inFlight;

const needYouIn = ({ needYou }: Attention): number => needYou;

function ClusterRow({ cluster, isCurrent, digit, onChoose }: ClusterRowProps) {
  const router = useRouter();
  const path = usePathname();
  const href = pageHref(path, cluster.id);
  const pending = useTopic(cluster.phase === "connected" ? cluster.id : undefined, "overview", noView, pendingIn);
  const needYou = useTopic(cluster.phase === "connected" ? cluster.id : undefined, "attention", noView, needYouIn);
  useShortcut(
    {
      keys: digit ?? "0",
      label: `Switch to ${cluster.name}`,
      group: "Cluster",
      isForDialog: true,
      isOn: digit !== undefined,
    },
    () => {
      router.push(href);
      onChoose();
    },
  );
  return (
    <li>
      <Link className={styles.cluster} href={href} aria-current={isCurrent ? "true" : undefined} onClick={onChoose}>
        <span className={styles.initials} aria-hidden="true">
          {initialsOf(cluster.name)}
        </span>
        <span className={styles.names}>
          <b>{cluster.name}</b>
          <small>
            <ModeIcon mode={cluster.mode} />
            {modeNames[cluster.mode]}
          </small>
        </span>
        <span className={styles.state}>
          <b>{pending.phase === "live" ? formatCount(pending.value) : ""}</b>
          {needYou.phase === "live" && needYou.value > 0 ? (
            <small className={styles.needYou}>
              <Glyph state="missed" size={11} />
              {`${formatCount(needYou.value)} ${needYou.value === 1 ? "needs" : "need"} you`}
            </small>
          ) : (
            <small data-phase={cluster.phase}>{cluster.problem?.title ?? cluster.version ?? cluster.phase}</small>
          )}
        </span>
        <span className={styles.digit}>{digit !== undefined && <Kbd>{digit}</Kbd>}</span>
      </Link>
    </li>
  );
}
