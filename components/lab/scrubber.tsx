"use client";
import { Pause, Play, SkipBack, SkipForward } from "lucide-react";
import { IconButton, Segmented, classNames } from "#components/ui/index.ts";
import type { Experiment } from "#lib/lab/index.ts";
import { OperationGlyph } from "./operation-row.tsx";
import { marksOf, positionOf, tintsOf } from "./scrubber.model.ts";
import styles from "./scrubber.module.css";
import { speeds, type Speed } from "./use-lab.ts";
import { operationWords, type PodWords } from "./words.model.ts";

export interface ScrubberProps {
  readonly experiment: Experiment;
  readonly step: number;
  readonly pods: PodWords;
  readonly isPlaying: boolean;
  readonly speed: Speed;
  readonly onStep: (step: number) => void;
  readonly onTogglePlaying: () => void;
  readonly onSpeed: (speed: Speed) => void;
}

/** Through the steps, with the stretch tinted in which the queues differ. */
export function Scrubber(props: ScrubberProps) {
  const { experiment, step, pods, isPlaying, speed, onStep, onTogglePlaying, onSpeed } = props;
  const { length } = experiment;
  const position = positionOf(step, length);
  return (
    <section className={styles.scrubber} aria-label="Steps">
      <IconButton
        icon={<SkipBack size={14} fill="currentColor" aria-hidden="true" />}
        label="Step back"
        aria-keyshortcuts=","
        disabledReason={step === 0 ? "this is the start" : undefined}
        onClick={() => onStep(step - 1)}
      />
      <IconButton
        variant="primary"
        icon={
          isPlaying ? (
            <Pause size={14} fill="currentColor" aria-hidden="true" />
          ) : (
            <Play size={14} fill="currentColor" aria-hidden="true" />
          )
        }
        label={isPlaying ? "Pause" : "Play"}
        aria-keyshortcuts="Space"
        onClick={onTogglePlaying}
        data-testid="lab-play"
      />
      <IconButton
        icon={<SkipForward size={14} fill="currentColor" aria-hidden="true" />}
        label="Step forward"
        aria-keyshortcuts="."
        disabledReason={step === length ? "this is the last step" : undefined}
        onClick={() => onStep(step + 1)}
      />
      <div className={styles.track}>
        {tintsOf(experiment).map(({ left, width, kind, label }) => (
          <span
            key={`${kind} ${left}`}
            className={classNames(styles.tint, styles[kind])}
            style={{ left: `${left}%`, width: `${width}%` }}
            title={kind === "blind" ? "A pod in flight is shown less by the old list" : label}
            data-testid={`lab-tint-${kind}`}
          >
            <span className={styles.label}>{label}</span>
          </span>
        ))}
        <span className={styles.line}>
          <i style={{ width: `${Math.max(0, position)}%` }} />
        </span>
        {marksOf(length).map((number) => (
          <span
            key={number}
            className={classNames(styles.mark, number === step && styles.current)}
            style={{ left: `${positionOf(number, length)}%` }}
            aria-hidden="true"
          >
            <OperationGlyph glyph={operationWords(experiment, number, pods).glyph} />
            <small>{number}</small>
          </span>
        ))}
        <span className={styles.thumb} style={{ left: `${Math.max(0, position)}%` }} aria-hidden="true" />
        <input
          type="range"
          className={styles.input}
          min={0}
          max={length}
          value={step}
          aria-label="Step"
          aria-valuetext={
            step === 0
              ? `start, ${length} steps follow`
              : `${step} of ${length}: ${operationWords(experiment, step, pods).title}`
          }
          onChange={(event) => onStep(Number(event.target.value))}
        />
      </div>
      <span className={styles.count}>
        step <b data-testid="lab-step">{step}</b> of {length}
      </span>
      <Segmented
        label="Speed"
        value={speed}
        options={speeds.map((value) => ({ value, label: `${value}×` }))}
        onChange={onSpeed}
      />
    </section>
  );
}
