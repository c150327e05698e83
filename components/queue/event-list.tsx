"use client";
import { FoldHorizontal } from "lucide-react";
import { useMemo, useState } from "react";
import { useInside } from "#components/still/index.ts";
import { Button, formatCount, Provenance, useShortcut } from "#components/ui/index.ts";
import type { Events } from "#lib/protocol/index.ts";
import { ChainHead } from "./chain-head.tsx";
import { columnIndexOf, columnsOf, openedRuns, type OpenRun } from "./columns.model.ts";
import { DecisionStrip } from "./decision-strip.tsx";
import styles from "./event-list.module.css";
import { EventPopover } from "./event-popover.tsx";
import type { Looked } from "./event-strip.tsx";
import {
  columnsInSight,
  columnX,
  measures,
  rowsHeight,
  rowWindow,
  visibleRows,
  type Density,
} from "./geometry.model.ts";
import { InFlightRows } from "./in-flight-rows.tsx";
import { Legend } from "./legend.tsx";
import { countBehind } from "./marks.model.ts";
import { listSentence } from "./sentences.model.ts";
import { hiddenBefore, regionsOf } from "./strip.model.ts";
import { useChainScroll } from "./use-chain-scroll.ts";
import { useListInput, useSelectionKeys, type Hovered } from "./use-list-input.ts";
import { usePicture } from "./use-picture.ts";
import type { Selection } from "./use-selection.ts";

export interface EventListProps {
  readonly events: Events;
  readonly density: Density;
  readonly letterOf: (popIndex: number) => string;
  readonly selection: Selection;
  /** Finishes a pod as the decision says; embedded clusters only. */
  readonly onApply: ((looked: Looked) => void) | undefined;
}

/** The star: the list of concurrent events in order, the pods in flight in it, and what each of them will notice. */
export function EventList({ events, density, letterOf, selection, onApply }: EventListProps) {
  const m = measures[density];
  const inside = useInside();
  const picture = usePicture(events, inside.isInside);
  const [open, setOpen] = useState<readonly OpenRun[]>([]);
  const [hovered, setHovered] = useState<Hovered>({});
  const columns = useMemo(() => columnsOf(picture, open), [picture, open]);
  const { pods } = picture;
  const rows = useMostRows(pods.length);

  const row = pods.find(({ pod }) => pod.uid === (hovered.pod ?? selection.pod));
  const lookedPod = row?.pod;
  const looked = useMemo(
    () => lookedPod && { pod: lookedPod, letter: letterOf(lookedPod.popIndex) },
    [lookedPod, letterOf],
  );
  const isGone = row?.isGone ?? false;
  const anchor = selection.event ?? pods.find(({ pod }) => pod.uid === selection.pod)?.pod.seq;
  const regions = regionsOf(m, columns, lookedPod);
  const { scroller, view, newer, ...scroll } = useChainScroll({
    columns: columns.columns,
    measures: m,
    anchor,
    isHeld: inside.isInside,
  });
  const bodyHeight = rowsHeight(rows);
  const opened = useMemo(() => openedRuns(columns.columns, open), [columns, open]);
  const hiddenLeft = hiddenBefore(m, columns, view.left);
  const input = useListInput({
    columns,
    selection,
    anchor,
    onOpen: (run) => setOpen([...open, run]),
    onHover: setHovered,
    onReach: scroll.toColumn,
  });
  useSelectionKeys(selection, pods);
  const canApply = onApply !== undefined && !isGone && lookedPod !== undefined && lookedPod.uid === selection.pod;
  useShortcut({ keys: "enter", label: "Finish the pod as shown", group: "Queue", isOn: canApply }, () => {
    if (looked !== undefined) onApply?.(looked);
  });

  const range = columnsInSight(m, view.left, view.width);
  const oldest = pods.find((each) => !each.isGone)?.pod;
  const [holds, because] = listSentence(events, oldest && letterOf(oldest.popIndex));
  const xOf = (seq: number | undefined): number | undefined => {
    const index = seq === undefined ? -1 : columnIndexOf(columns.columns, seq);
    return index === -1 ? undefined : columnX(m, index);
  };
  const selectedEvent = columns.columns[columnIndexOf(columns.columns, selection.event ?? -1)];
  return (
    <section className={styles.card} aria-label="Concurrent events">
      <header className={styles.header}>
        <h2>Concurrent events</h2>
        <span className={styles.sentence}>
          <Provenance of={events.provenance}>{holds}</Provenance> {density !== "narrow" && because}
        </span>
        {opened.length > 0 && (
          <Button size="small" variant="ghost" icon={<FoldHorizontal size={14} />} onClick={() => setOpen([])}>
            Fold again
          </Button>
        )}
        <Legend density={density} />
      </header>
      <div className={styles.stage} {...inside.handlers}>
        <div
          ref={scroller}
          className={styles.scroller}
          style={{ height: m.headHeight + bodyHeight, scrollPaddingLeft: m.names, scrollPaddingRight: m.verdicts }}
          onScroll={scroll.onScroll}
          onPointerLeave={() => setHovered({})}
        >
          <div className={`${styles.plane} ${events.provenance === "simulated" ? styles.simulated : ""}`}>
            <ChainHead
              strip={{ columns, measures: m, density, regions, looked, letterOf, opened }}
              input={input}
              selectedEvent={selection.event}
              prunedTotal={events.prunedTotal}
              hiddenLeft={hiddenLeft}
              range={range}
              hoveredIndex={hovered.seq === undefined ? undefined : columnIndexOf(columns.columns, hovered.seq)}
              isSimulated={events.provenance === "simulated"}
              behind={lookedPod === undefined ? 0 : countBehind(lookedPod, columns.columns)}
            />
            <InFlightRows
              {...{ pods, rows, columns, regions, letterOf, selection }}
              measures={m}
              shown={rowWindow(view.top, bodyHeight, pods.length)}
              range={range}
              lookedUid={lookedPod?.uid}
              guideX={xOf(hovered.seq ?? selection.event)}
              provenance={events.provenance}
              onHover={setHovered}
            />
          </div>
        </div>
        {hiddenLeft > 0 && (
          <button type="button" className={styles.older} style={{ left: m.names }} onClick={scroll.toHead}>
            {formatCount(hiddenLeft + columns.undrawn)} older
          </button>
        )}
        {newer > 0 && (
          <button type="button" className={styles.newer} style={{ right: m.verdicts + 4 }} onClick={scroll.toTail}>
            ↦ {formatCount(newer)} new
          </button>
        )}
        {selectedEvent?.kind === "event" && (
          <EventPopover
            event={selectedEvent.event}
            pods={pods}
            letterOf={letterOf}
            x={(xOf(selectedEvent.event.seq) ?? 0) - view.left + m.names}
            top={m.headHeight - 3}
            width={view.width}
            provenance={events.provenance}
            onClose={selection.clearEvent}
          />
        )}
      </div>
      <DecisionStrip {...{ looked, isGone, density, events, selection, onApply }} />
    </section>
  );
}

/** Most rows needed so far: the card grows once, at the sixth pod, and keeps its height from then on. */
function useMostRows(pods: number): number {
  const [most, setMost] = useState(pods);
  if (pods > most) setMost(pods);
  return visibleRows(Math.max(most, pods));
}
