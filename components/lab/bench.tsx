"use client";
import { useEffect, useEffectEvent, useMemo, useState } from "react";
import type { Density } from "#components/queue/geometry.model.ts";
import { useDensity } from "#components/queue/use-density.ts";
import { toast, useAnnounce, useMedia, useShortcut } from "#components/ui/index.ts";
import styles from "./bench.module.css";
import { captionOf } from "./caption.model.ts";
import { DropZone } from "./drop-zone.tsx";
import { deleteStep, insertAfter, moveStep } from "./edit.model.ts";
import { focusOf } from "./focus.model.ts";
import { headlineOf } from "./headline.model.ts";
import { Headline } from "./headline.tsx";
import { MarkerPanel } from "./marker-panel.tsx";
import { OperationList } from "./operation-list.tsx";
import { openRecording, type OpenedRecording } from "./recording-file.model.ts";
import { Scrubber } from "./scrubber.tsx";
import { useLab, type Lab } from "./use-lab.ts";
import { operationWords, podWords } from "./words.model.ts";

/** Milliseconds that a step is shown for, at normal speed. */
const stepMs = 1_600;

const chainRoom = { narrow: 340, regular: 430, wide: 500 } as const satisfies Record<Density, number>;

export function Bench() {
  const lab = useLab();
  return lab === undefined ? <p className={styles.loading}>Reading the link …</p> : <Experimenting lab={lab} />;
}

function Experimenting({ lab }: { readonly lab: Lab }) {
  const { experiment, step, goTo, change } = lab;
  const { scenario, length } = experiment;
  const announce = useAnnounce();
  const [isPlaying, setPlaying] = useState(false);
  const [opened, setOpened] = useState<OpenedRecording>();
  const pods = useMemo(() => podWords(scenario), [scenario]);
  const headline = useMemo(() => headlineOf(experiment, pods), [experiment, pods]);
  const uid = lab.pod ?? focusOf(experiment, step);
  const frame = useMemo(() => experiment.at(step), [experiment, step]);
  const isStacked = useMedia("(width < 1280px)");
  const density = useDensity();
  const room = chainRoom[isStacked ? "narrow" : density];
  const introduction =
    lab.source.kind === "story"
      ? lab.source.story.lesson
      : "Both queues are given the same operations. Nothing has happened yet.";

  const stepTo = (next: number): void => {
    const target = Math.min(Math.max(next, 0), length);
    if (target === step) return;
    setPlaying(false);
    goTo(target);
    announce(`Step ${target}: ${operationWords(experiment, target, pods).title}`);
  };
  const isRunning = isPlaying && step < length;
  const togglePlaying = (): void => {
    if (step === length) goTo(0);
    setPlaying(!isRunning);
  };
  usePlaying(isRunning, stepMs / Number(lab.speed), () => goTo(step + 1));
  useShortcut({ keys: ",", label: "Step back", group: "Lab" }, () => stepTo(step - 1));
  useShortcut({ keys: ".", label: "Step forward", group: "Lab" }, () => stepTo(step + 1));
  useShortcut({ keys: "space", label: "Play or pause", group: "Lab" }, togglePlaying);

  const open = async (file: File): Promise<void> => {
    const result = await openRecording(file.name, file);
    if (!result.ok) {
      toast.error(result.problem);
      return;
    }
    setOpened(result.value);
    const [first] = result.value.scenarios;
    if (first !== undefined) lab.openTrace(result.value, first);
  };

  return (
    <DropZone onFile={(file) => void open(file)}>
      <div className={styles.bench}>
        <Headline
          headline={headline}
          caption={captionOf(experiment, step, pods, introduction)}
          problem={lab.problem}
          isUnshareable={lab.isUnshareable}
        />
        <OperationList
          lab={lab}
          pods={pods}
          opened={opened}
          onStep={stepTo}
          onMove={(from, to) => change(moveStep(scenario, from, to), to)}
          onDelete={(at) => change(deleteStep(scenario, at), Math.min(step, length - 1))}
          onInsert={(operation) => change(insertAfter(scenario, step, operation), step + 1)}
          onOpen={(file) => void open(file)}
        />
        <div className={styles.panels}>
          <MarkerPanel scheme="historical" {...{ lab, frame, uid, pods, room }} />
          <MarkerPanel scheme="current" {...{ lab, frame, uid, pods, room }} />
        </div>
        <Scrubber
          {...{ experiment, step, pods, isPlaying: isRunning, speed: lab.speed }}
          onStep={stepTo}
          onTogglePlaying={togglePlaying}
          onSpeed={lab.setSpeed}
        />
      </div>
    </DropZone>
  );
}

/** Calls `next` after each period, while it is on. */
function usePlaying(isOn: boolean, periodMs: number, next: () => void): void {
  const onTick = useEffectEvent(next);
  useEffect(() => {
    if (!isOn) return undefined;
    const timer = setInterval(() => onTick(), periodMs);
    return () => clearInterval(timer);
  }, [isOn, periodMs]);
}
