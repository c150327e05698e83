"use client";
import { ArrowDownToLine, ArrowUpFromLine, ChevronDown, Flag, Hand, Pause, Play, Redo2, Undo2 } from "lucide-react";
import { useState } from "react";
import { Button, IconButton, PodName, formatExactCount, formatPeriod, useShortcut } from "#components/ui/index.ts";
import type { InFlightPod, SchedulerState } from "#lib/protocol/index.ts";
import { LetterMark } from "./diamond.tsx";
import { finishings } from "./finishings.model.ts";
import { injectableEvents } from "./injectable-events.model.ts";
import { Menu, MenuGroup, MenuItem } from "./menu.tsx";
import styles from "./control-row.module.css";
import type { Stepping } from "./use-stepping.ts";

export interface StepBarProps {
  readonly loop: SchedulerState;
  readonly stepping: Stepping;
  /** Whom Finish is about: the selected pod, else the oldest in flight. */
  readonly target: { readonly pod: InFlightPod; readonly letter: string } | undefined;
  /** Set while commands cannot reach the server. */
  readonly blockedReason: string | undefined;
}

const bindingTimes = [0, 100, 500, 1_000, 2_000, 5_000, 15_000, 60_000];

/** The scheduling loop in one's own hands. */
export function StepBar({ loop, stepping, target, blockedReason }: StepBarProps) {
  const [openMenu, setOpenMenu] = useState<"inject" | "finish">();
  const menu = (name: "inject" | "finish") => ({
    isOpen: openMenu === name,
    onOpenChange: (isOpen: boolean) => setOpenMenu(isOpen ? name : undefined),
  });
  const noNext = loop.next === undefined ? "activeQ is empty: there is nothing to pop" : undefined;
  const noTarget = target === undefined ? "no pod is in flight: pop one first" : undefined;
  const noUndo = goingBack(loop, loop.undo.count, "undo");
  const noRedo = goingBack(loop, loop.redo.count, "redo");
  const toggle = (): void => stepping.setPaused(!loop.isPaused);
  const canAct = blockedReason === undefined && openMenu === undefined;
  const group = "Queue";
  // What can be stepped arrives a moment after what is seen. A key is never ignored for that: the server says what it refuses.
  useShortcut({ keys: "space", label: "Pause or resume the scheduler", group, isOn: canAct }, toggle);
  useShortcut({ keys: "n", label: "Pop next", group, isOn: canAct }, stepping.pop);
  useShortcut({ keys: "mod+z", label: "Undo step", group, isOn: canAct }, stepping.undo);
  useShortcut({ keys: "mod+shift+z", label: "Redo step", group, isOn: canAct }, stepping.redo);
  useShortcut({ keys: ",", label: "Step back", group, isOn: canAct }, stepping.undo);
  useShortcut({ keys: ".", label: "Step forward", group, isOn: canAct }, stepping.redo);
  useShortcut({ keys: "e", label: "Inject event", group, isOn: canAct }, () => setOpenMenu("inject"));
  useShortcut({ keys: "f", label: "Finish as", group, isOn: canAct && noTarget === undefined }, () =>
    setOpenMenu("finish"),
  );
  return (
    <div className={styles.row} role="toolbar" aria-label="Step controls">
      <Button
        variant={loop.isPaused ? "primary" : "plain"}
        icon={loop.isPaused ? <Play size={14} fill="currentColor" /> : <Pause size={14} fill="currentColor" />}
        shortcut="space"
        className={styles.pause}
        isPending={stepping.isSetting}
        disabledReason={blockedReason}
        onClick={toggle}
        data-testid="stepbar-pause"
      >
        {loop.isPaused ? "Resume" : "Pause"}
      </Button>
      <IconButton
        icon={<Undo2 size={15} aria-hidden="true" />}
        label={loop.undo.next === undefined ? "Undo the last step" : `Undo: ${loop.undo.next}`}
        isPending={stepping.isUndoing}
        disabledReason={blockedReason ?? noUndo}
        onClick={stepping.undo}
        data-testid="stepbar-undo"
      />
      <IconButton
        icon={<Redo2 size={15} aria-hidden="true" />}
        label={loop.redo.next === undefined ? "Redo the step that was undone" : `Redo: ${loop.redo.next}`}
        isPending={stepping.isUndoing}
        disabledReason={blockedReason ?? noRedo}
        onClick={stepping.redo}
        data-testid="stepbar-redo"
      />
      <Rule />
      <Button
        icon={<ArrowUpFromLine size={15} />}
        shortcut="N"
        disabledReason={blockedReason ?? noNext}
        onClick={stepping.pop}
        data-testid="stepbar-pop"
      >
        Pop next
      </Button>
      <span className={styles.next}>
        {loop.next === undefined ? (
          "activeQ is empty"
        ) : (
          <>
            next is <PodName namespace={loop.next.namespace} name={loop.next.name} />
            <span className={styles.keep}>, priority {formatExactCount(loop.next.priority)}</span>
          </>
        )}
      </span>
      <Rule />
      <Menu
        {...menu("inject")}
        trigger={
          <Button
            icon={<ArrowDownToLine size={15} />}
            shortcut="E"
            disabledReason={blockedReason}
            data-testid="stepbar-inject"
          >
            <span>
              Inject<span className={styles.long}> event</span>
            </span>
            <ChevronDown size={13} aria-hidden="true" />
          </Button>
        }
      >
        {injectableEvents.map(({ about, events }) => (
          <MenuGroup key={about} label={about}>
            {events.map(({ label, code, words }) => (
              <MenuItem key={label} icon={<code>{code}</code>} onSelect={() => stepping.inject(label)} hint={words}>
                {label}
              </MenuItem>
            ))}
          </MenuGroup>
        ))}
      </Menu>
      <Menu
        {...menu("finish")}
        trigger={
          <Button
            icon={<Flag size={15} />}
            shortcut="F"
            disabledReason={blockedReason ?? noTarget}
            data-testid="stepbar-finish"
          >
            Finish {target !== undefined && <LetterMark letter={target.letter} />} as
            <ChevronDown size={13} aria-hidden="true" />
          </Button>
        }
      >
        {target !== undefined && (
          <MenuGroup label={`${target.pod.namespace}/${target.pod.name}`}>
            <MenuItem
              icon={<Hand size={14} />}
              onSelect={() => stepping.hold(target.pod.uid, target.pod.isHeld !== true)}
              hint={target.pod.isHeld === true ? "let it go on" : "keep it where it is, also when the loop runs"}
            >
              {target.pod.isHeld === true ? "release" : "hold in flight"}
            </MenuItem>
            {finishings(target.pod).map(({ words, hint, step }) => (
              <MenuItem key={words} onSelect={() => stepping.finish(step)} hint={hint}>
                {words}
              </MenuItem>
            ))}
          </MenuGroup>
        )}
      </Menu>
      <label className={styles.binding} title="How long a pod stays in flight after a node was chosen for it">
        <span className={styles.bindingWord}>binding</span>
        <select
          aria-label="How long binding takes"
          value={loop.bindingMs}
          disabled={blockedReason !== undefined}
          onChange={(event) => stepping.setBindingMs(Number(event.target.value))}
        >
          {[...new Set([...bindingTimes, loop.bindingMs])]
            .sort((a, b) => a - b)
            .map((ms) => (
              <option key={ms} value={ms}>
                {ms === 0 ? "at once" : formatPeriod(ms)}
              </option>
            ))}
        </select>
      </label>
      <span className={styles.step}>
        step <b>{formatExactCount(loop.step)}</b>
      </span>
    </div>
  );
}

/** Why there is no way back, or forth. */
function goingBack({ isPaused }: SchedulerState, count: number, way: "undo" | "redo"): string | undefined {
  if (!isPaused) return "pause the scheduler first: steps are taken back while it rests";
  return count === 0 ? `there is no step to ${way}` : undefined;
}

function Rule() {
  return <span className={styles.rule} aria-hidden="true" />;
}
