"use client";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useRef, type KeyboardEvent, type RefObject } from "react";
import type { PeekState } from "#components/peek/index.ts";
import type { FoundPod, LaneName, Lanes, LaneWindow } from "#lib/protocol/index.ts";
import { formatCount, Glyph, queueNames, useListKeys, useShortcut } from "#components/ui/index.ts";
import { GatedLane } from "./gated-lane.tsx";
import type { Density } from "./geometry.model.ts";
import { LaneCard, type LaneCardProps } from "./lane-card.tsx";
import styles from "./lanes-view.module.css";
import type { Selection } from "./use-selection.ts";

const laneNames = ["active", "backoff", "unschedulable"] as const satisfies readonly LaneName[];

/** How the URL calls the lanes. */
const tabs = { act: "active", back: "backoff", uns: "unschedulable", gate: "gated" } as const;
type Tab = keyof typeof tabs;
const tabNames = Object.keys(tabs) as readonly Tab[];

export interface LanesViewProps {
  readonly lanes: Lanes;
  readonly density: Density;
  readonly selection: Selection;
  /** The pod that a link named: its lane shows its place. */
  readonly found: FoundPod | undefined;
  readonly peek: PeekState;
  readonly onWindow: (name: LaneName, window: LaneWindow) => void;
}

/** All queues side by side, or one at a time where there is no room. */
export function LanesView(props: LanesViewProps) {
  return props.density === "narrow" ? <LaneTabs {...props} /> : <LaneColumns {...props} />;
}

function LaneColumns(props: LanesViewProps) {
  const columns = useRef<HTMLDivElement>(null);
  const focusNext = (from: EventTarget, by: 1 | -1): void => {
    const lists = [...(columns.current?.querySelectorAll<HTMLElement>("[role=listbox]") ?? [])];
    lists[lists.findIndex((list) => list === from) + by]?.focus();
  };
  useLaneKeys(columns);
  return (
    <div ref={columns} className={styles.columns}>
      {laneNames.map((name) => (
        <OneLane key={name} name={name} rowHeight={25} onSideways={focusNext} {...props} />
      ))}
      <GatedLane gated={props.lanes.gated} />
    </div>
  );
}

function LaneTabs(props: LanesViewProps) {
  const where = tabNames.find((each) => tabs[each] === props.found?.queue);
  const [tab, setTab] = useQueryState("lane", parseAsStringLiteral(tabNames).withDefault(where ?? "uns"));
  const list = useRef<HTMLDivElement>(null);
  const { lanes } = props;
  const panel = useRef<HTMLDivElement>(null);
  useLaneKeys(panel);
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const next = by === undefined ? undefined : tabNames[tabNames.indexOf(tab) + by];
    if (next === undefined) return;
    event.preventDefault();
    void setTab(next);
    list.current?.querySelector<HTMLElement>(`[data-tab=${next}]`)?.focus();
  };
  const name = tabs[tab];
  return (
    <div className={styles.tabbed}>
      <div ref={list} className={styles.tabs} role="tablist" aria-label="Queues">
        {tabNames.map((each) => (
          <button
            key={each}
            type="button"
            role="tab"
            id={`lane-tab-${each}`}
            data-tab={each}
            aria-selected={each === tab}
            aria-controls="lane-panel"
            tabIndex={each === tab ? 0 : -1}
            onClick={() => void setTab(each)}
            onKeyDown={onKeyDown}
          >
            <Glyph state={tabs[each]} />
            {queueNames[tabs[each]]} <b>{formatCount(lanes[tabs[each]].count)}</b>
          </button>
        ))}
      </div>
      <div ref={panel} id="lane-panel" className={styles.panel} role="tabpanel" aria-labelledby={`lane-tab-${tab}`}>
        {name === "gated" ? (
          <GatedLane gated={lanes.gated} />
        ) : (
          <OneLane key={name} name={name} rowHeight={32} {...props} />
        )}
      </div>
    </div>
  );
}

/** A lane has keys of its own once it has the focus: until then they bring it there. */
function useLaneKeys(lanes: RefObject<HTMLDivElement | null>): void {
  const enter = (by: 1 | -1): void => {
    const lists = [...(lanes.current?.querySelectorAll<HTMLElement>("[role=listbox]") ?? [])];
    (by > 0 ? lists[0] : lists.at(-1))?.focus();
  };
  useListKeys({ group: "Queue", noun: "row of a lane", onMove: enter });
  useShortcut({ keys: "h", label: "Previous lane", group: "Queue" }, () => enter(-1));
  useShortcut({ keys: "l", label: "Next lane", group: "Queue" }, () => enter(1));
}

type OneLaneProps = LanesViewProps & Pick<LaneCardProps, "name" | "rowHeight" | "onSideways">;

function OneLane({ name, rowHeight, onSideways, lanes, selection, found, peek, onWindow }: OneLaneProps) {
  return (
    <LaneCard
      name={name}
      lane={lanes[name]}
      provenance={lanes.provenance}
      rowHeight={rowHeight}
      onSideways={onSideways}
      shownIndex={found?.queue === name ? found.index : undefined}
      selectedUid={selection.pod}
      onSelect={selection.selectPod}
      peek={peek}
      onWindow={(window) => onWindow(name, window)}
    />
  );
}
