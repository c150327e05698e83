"use client";
import { ChevronDown, FolderOpen, Link2, Plus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Menu, MenuGroup, MenuItem } from "#components/queue/menu.tsx";
import { useDensity } from "#components/queue/use-density.ts";
import { Button, IconButton, toast, useListKeys, useRowWindow, useShortcut } from "#components/ui/index.ts";
import { historicalStories, otherStories, type Operation } from "#lib/lab/index.ts";
import { choicesAfter } from "./choices.model.ts";
import { OperationRow, rowHeight } from "./operation-row.tsx";
import styles from "./operation-list.module.css";
import type { OpenedRecording } from "./recording-file.model.ts";
import type { Lab } from "./use-lab.ts";
import { operationWords, type PodWords } from "./words.model.ts";

export interface OperationListProps {
  readonly lab: Lab;
  readonly pods: PodWords;
  readonly opened: OpenedRecording | undefined;
  readonly onStep: (step: number) => void;
  readonly onMove: (from: number, to: number) => void;
  readonly onDelete: (step: number) => void;
  readonly onInsert: (operation: Operation) => void;
  readonly onOpen: (file: File) => void;
}

/** What both queues are put through: to go to, to drag, to delete, to add to. */
export function OperationList(props: OperationListProps) {
  const { lab, pods, onStep, onMove, onDelete, onInsert } = props;
  const { experiment, step } = lab;
  const { length } = experiment;
  const [isAdding, setAdding] = useState(false);
  const [dragged, setDragged] = useState<{ readonly from: number; readonly over: number }>();
  const rows = useRowWindow<HTMLDivElement>({ count: length, rowHeight, keyOf: (index) => index });
  const { scrollTo } = rows;
  const density = useDensity();
  const focusNext = useRef<number>(undefined);

  useEffect(() => {
    if (step > 0) scrollTo(step - 1);
    // oxlint-disable-next-line react/exhaustive-deps -- when the step or the room changes, not when the list is drawn anew
  }, [step, density]);
  useEffect(() => {
    const target = focusNext.current;
    focusNext.current = undefined;
    if (target === undefined) return;
    rows.scroller.current?.querySelector<HTMLElement>(`[data-step="${target}"] button`)?.focus();
  });

  const goTo = (target: number): void => {
    if (target < 1 || target > length) return;
    focusNext.current = target;
    onStep(target);
  };
  const move = (from: number, to: number): void => {
    if (to < 1 || to > length || from === to) return;
    onMove(from, to);
  };
  useListKeys({ group: "Lab", noun: "operation", onMove: (by) => goTo(step + by) });
  useShortcut({ keys: "delete", label: "Take this operation out", group: "Lab", isOn: step > 0 }, () => onDelete(step));
  return (
    <section className={styles.card} aria-labelledby="lab-operations">
      <header className={styles.header}>
        <h2 id="lab-operations">Operations</h2>
        <Menu
          isOpen={isAdding}
          onOpenChange={setAdding}
          trigger={
            <IconButton
              icon={<Plus size={14} aria-hidden="true" />}
              label="Add an operation"
              variant="ghost"
              size="small"
            />
          }
        >
          {isAdding &&
            choicesAfter(experiment, step, pods).map(({ title, choices }) => (
              <MenuGroup key={title} label={`${title}, after step ${step}`}>
                {choices.map(({ title: words, hint, operation }) => (
                  <MenuItem key={`${words} ${hint}`} hint={hint} onSelect={() => onInsert(operation)}>
                    {words}
                  </MenuItem>
                ))}
              </MenuGroup>
            ))}
        </Menu>
      </header>
      <p className={styles.title} title={lab.title} data-testid="lab-title">
        {lab.title}
      </p>
      <div ref={rows.scroller} className={styles.scroller}>
        <ol className={styles.list} style={{ height: rows.height }} aria-label="Operations">
          {rows.items.map(({ index, start }) => (
            <OperationRow
              key={index}
              number={index + 1}
              of={length}
              top={start}
              words={operationWords(experiment, index + 1, pods)}
              state={stateOf(index + 1, step)}
              isDivergent={experiment.divergences.some(
                ({ apartFrom, to }) => apartFrom !== undefined && index + 1 >= apartFrom && index + 1 <= to,
              )}
              isReachable={index + 1 === Math.max(step, 1)}
              isTarget={dragged !== undefined && dragged.over === index + 1 && dragged.from !== index + 1}
              isDraggedDown={dragged !== undefined && dragged.from < index + 1}
              onGo={goTo}
              onMove={(to) => {
                focusNext.current = to;
                move(index + 1, to);
              }}
              onDelete={() => onDelete(index + 1)}
              onDrag={(drag) => {
                if (drag === "start") setDragged({ from: index + 1, over: index + 1 });
                else if (drag === "over") setDragged((old) => old && { ...old, over: index + 1 });
                else setDragged(undefined);
                if (drag === "drop" && dragged !== undefined) move(dragged.from, index + 1);
              }}
            />
          ))}
        </ol>
      </div>
      <Footer {...props} />
    </section>
  );
}

/** Without the cluster that happens to be chosen: whoever opens the link may have others. */
function linkToHere(): string {
  const url = new URL(location.href);
  url.searchParams.delete("cluster");
  return url.href;
}

function stateOf(number: number, step: number): "past" | "current" | "future" {
  if (number === step) return "current";
  return number < step ? "past" : "future";
}

function Footer({ lab, opened, onOpen }: OperationListProps) {
  const [isOpen, setOpen] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  return (
    <footer className={styles.footer}>
      <Menu
        isOpen={isOpen}
        onOpenChange={setOpen}
        trigger={
          <Button size="small" data-testid="lab-scenario">
            Scenario
            <ChevronDown size={13} aria-hidden="true" />
          </Button>
        }
      >
        <MenuGroup label="Recordings">
          <MenuItem
            icon={<FolderOpen size={14} aria-hidden="true" />}
            hint=".json, .json.gz"
            onSelect={() => file.current?.click()}
          >
            Open a recording …
          </MenuItem>
        </MenuGroup>
        {opened !== undefined && (
          <MenuGroup label={opened.file}>
            {opened.scenarios.map((trace) => (
              <MenuItem
                key={trace.name}
                hint={`${trace.scenario.operations.length} steps`}
                onSelect={() => lab.openTrace(opened, trace)}
              >
                {trace.name}
              </MenuItem>
            ))}
          </MenuGroup>
        )}
        <MenuGroup label="The bug">
          {historicalStories.map(({ id, title, scenario }) => (
            <MenuItem key={id} hint={`${scenario.operations.length} steps`} onSelect={() => lab.openStory(id)}>
              {title}
            </MenuItem>
          ))}
        </MenuGroup>
        <MenuGroup label="What both queues do alike">
          {otherStories.map(({ id, title, scenario }) => (
            <MenuItem key={id} hint={`${scenario.operations.length} steps`} onSelect={() => lab.openStory(id)}>
              {title}
            </MenuItem>
          ))}
        </MenuGroup>
      </Menu>
      <Button
        size="small"
        icon={<Link2 size={13} aria-hidden="true" />}
        disabledReason={lab.isUnshareable ? "this scenario is too long for a link" : undefined}
        onClick={() => {
          navigator.clipboard.writeText(linkToHere()).then(
            () => toast("Link copied: it opens the same step of the same operations."),
            () => toast.error("The browser does not let this page copy. The link is in the address bar."),
          );
        }}
      >
        Share
      </Button>
      <input
        ref={file}
        type="file"
        accept=".json,.gz,application/json,application/gzip"
        className={styles.file}
        aria-label="Recording to open"
        tabIndex={-1}
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          if (chosen !== undefined) onOpen(chosen);
          event.target.value = "";
        }}
        data-testid="lab-file"
      />
    </footer>
  );
}
