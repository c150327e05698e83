"use client";
import { useMemo } from "react";
import { faultGroups, faultWords } from "#components/faults/index.ts";
import { useClusterList, useTopic } from "#components/live/index.ts";
import { formatCount, formatPlural, useSettled, useShortcuts } from "#components/ui/index.ts";
import type { Cluster, Events, InformerRow, Informers } from "#lib/protocol/index.ts";
import { pageHref } from "./cluster-choice.model.ts";
import { demoPath, pagesOf } from "./pages.tsx";
import { isCommand, type PaletteItem } from "./palette.model.ts";
import { scenariosFor } from "./scenario.model.ts";
import { podItem, usePalettePods } from "./use-palette-pods.ts";

/** Typing asks the server once it pauses. */
const pauseMs = 120;
const noView = {};

/** Everything that can be found. It is asked for while the palette is open. */
export function usePaletteItems(
  cluster: string | undefined,
  text: string,
): {
  readonly items: readonly PaletteItem[];
  /** Pods that wait in a queue beyond what was searched. */
  readonly unsearched: number;
  /** Changes when the answer to what was typed is there. */
  readonly revision: string;
} {
  const settled = useSettled(text, pauseMs);
  const pods = usePalettePods(cluster, settled);
  const events = useTopic(cluster, "events", noView);
  const informers = useTopic(cluster, "informers", noView);
  const clusters = useClusterList().data?.clusters;
  const mode = clusters?.find(({ id }) => id === cluster)?.mode;
  const shortcuts = useShortcuts();
  return useMemo(() => {
    const list = events.phase === "live" ? events.value : undefined;
    return {
      items: [
        ...withoutDoubles([...pods.items, ...(list === undefined ? [] : flyingItems(list, cluster))]),
        ...(list === undefined ? [] : eventItems(list, cluster)),
        ...(informers.phase === "live" ? informerItems(informers.value, cluster) : []),
        ...shortcuts
          .filter((shortcut) => shortcut.isForDialog !== true && shortcut.group !== "Go to" && isCommand(shortcut))
          .map(({ keys, label }): PaletteItem => ({
            id: `run ${keys}`,
            group: "Run",
            text: label,
            keys,
            action: { kind: "run", keys },
          })),
        ...(mode === "embedded" ? faultItems(cluster) : []),
        ...pagesOf(mode).map(({ path, label, keys }): PaletteItem => ({
          id: `page ${path}`,
          group: "Go to",
          text: label,
          keys,
          action: { kind: "open", href: pageHref(path, cluster) },
        })),
        { id: "attach", group: "Go to", text: "Attach cluster", action: { kind: "open", href: "/attach" } },
        ...(clusters?.some(({ mode }) => mode === "embedded") === true ? scenarioItems() : []),
        ...(clusters ?? []).map(clusterItem),
      ],
      unsearched: pods.unsearched,
      revision: `${settled} ${pods.revision}`,
    };
  }, [pods, settled, events, informers, clusters, mode, shortcuts, cluster]);
}

/** A pod in flight is judged by its queue as well: what the server found says more. */
function withoutDoubles(items: readonly PaletteItem[]): readonly PaletteItem[] {
  return [...new Map(items.toReversed().map((item) => [item.id, item])).values()].reverse();
}

function flyingItems({ pods }: Events, cluster: string | undefined): readonly PaletteItem[] {
  return Object.values(pods).map((pod) => ({
    ...podItem(pod, `in flight, ${pod.phase}`, cluster),
    glyph: "inFlight" as const,
  }));
}

/** The newest first. */
function eventItems({ elements }: Events, cluster: string | undefined): readonly PaletteItem[] {
  return Object.values(elements)
    .reverse()
    .flatMap((element): readonly PaletteItem[] =>
      element.kind === "event"
        ? [
            {
              id: `event ${element.seq}`,
              group: "Event list",
              text: [element.seq, element.label, element.object].filter((part) => part !== undefined).join(" "),
              action: { kind: "open", href: `${pageHref("/queue", cluster)}&event=${element.seq}` },
            },
          ]
        : [],
    );
}

function informerItems({ informers }: Informers, cluster: string | undefined): readonly PaletteItem[] {
  const rows = Object.values(informers);
  return [
    ...rows.map((row): PaletteItem => ({
      id: `informer ${row.key}`,
      group: "Informers",
      text: nameOf(row),
      detail: `${formatPlural(row.objects, "object")}, ${formatCount(row.handlers)} ${row.handlers === 1 ? "handler" : "handlers"}`,
      action: { kind: "open", href: informerHref(row, cluster) },
    })),
    ...rows.map((row): PaletteItem => ({
      id: `add ${row.key}`,
      group: "Informers",
      text: `Add a handler to ${nameOf(row)}`,
      action: { kind: "open", href: `${informerHref(row, cluster)}&add=1` },
    })),
  ];
}

/** They lead to the switch: nothing is broken by having been found. */
function faultItems(cluster: string | undefined): readonly PaletteItem[] {
  return faultGroups.flatMap(({ kinds }) =>
    kinds.map((kind): PaletteItem => ({
      id: `fault ${kind}`,
      group: "Run",
      text: `Fault: ${faultWords[kind].name}`,
      action: { kind: "open", href: `${pageHref(demoPath, cluster)}&fault=${kind}` },
    })),
  );
}

function nameOf({ resource, groupVersion, fieldSelector, namespace }: InformerRow): string {
  return [resource, groupVersion, namespace, fieldSelector].filter((part) => part !== undefined).join(" ");
}

function informerHref({ key }: InformerRow, cluster: string | undefined): string {
  return `${pageHref("/informers", cluster)}&resource=${encodeURIComponent(key)}`;
}

function scenarioItems(): readonly PaletteItem[] {
  return scenariosFor("").flatMap(({ scenarios }) =>
    scenarios.map(({ name, title }): PaletteItem => ({
      id: `scenario ${name}`,
      group: "Scenarios",
      text: title,
      detail: name,
      action: { kind: "play", scenario: name },
    })),
  );
}

function clusterItem({ id, name, phase, problem }: Cluster): PaletteItem {
  return {
    id: `cluster ${id}`,
    group: "Clusters",
    text: name,
    detail: problem?.title ?? phase,
    action: { kind: "open", href: pageHref("/", id) },
  };
}
