"use client";
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useEffect, useMemo, useState } from "react";
import type { Experiment, NamedScenario, Scenario } from "#lib/lab/index.ts";
import { decodeScenario, encodeScenario, maxCodeLength, type CustomScenario } from "./ops-code.model.ts";
import type { OpenedRecording } from "./recording-file.model.ts";
import { changedTitle, openingStep, titleOf, wantedBy, type Source } from "./source.model.ts";
import { useExperiment } from "./use-experiment.ts";

export const speeds = ["0.5", "1", "4"] as const;

export type Speed = (typeof speeds)[number];

const parsers = {
  /** A story, or `custom`, `recording`, `from-pod` with `ops`. */
  scenario: parseAsString,
  step: parseAsInteger,
  speed: parseAsStringLiteral(speeds).withDefault("1"),
  /** The scenario itself, compressed, where it is no story. */
  ops: parseAsString,
  /** The pod that is looked at, where somebody chose one. */
  pod: parseAsString,
};

/** A scenario that stands in no story, with the name and the code by which the address means it. */
interface Carried {
  readonly name: string;
  /** Absent where it is too long for a link. */
  readonly code: string | undefined;
  readonly custom: CustomScenario;
}

export interface Lab {
  readonly source: Source;
  readonly title: string;
  readonly experiment: Experiment;
  readonly step: number;
  readonly speed: Speed;
  readonly pod: string | undefined;
  /** What is wrong with the address, in a sentence. */
  readonly problem: string | undefined;
  /** The scenario is too long for a link. */
  readonly isUnshareable: boolean;
  readonly goTo: (step: number) => void;
  readonly setSpeed: (speed: Speed) => void;
  readonly choosePod: (uid: string) => void;
  readonly openStory: (id: string) => void;
  readonly openTrace: (opened: OpenedRecording, trace: NamedScenario) => void;
  /** A change of the list, after which one stands at `step`. */
  readonly change: (scenario: Scenario, step: number) => void;
}

/** What the Lab shows stands in the address: a pasted link shows the same, Back undoes a change. `undefined`: not read yet. */
export function useLab(): Lab | undefined {
  const [{ scenario: named, step, speed, ops, pod }, set] = useQueryStates(parsers, { scroll: false });
  const [carried, setCarried] = useState<Carried>();
  const [unreadable, setUnreadable] = useState<{ readonly code: string; readonly problem: string }>();
  const wanted = useMemo(() => wantedBy({ scenario: named, ops }), [named, ops]);
  const { code } = wanted;
  const isHere = carried !== undefined && carried.code === code && carried.name === (named ?? "custom");
  const isRead = code === undefined || isHere || unreadable?.code === code;

  useEffect(() => {
    if (isRead || code === undefined) return undefined;
    let isWanted = true;
    void decodeScenario(code).then((result) => {
      if (!isWanted) return;
      if (result.ok) setCarried({ name: named ?? "custom", code, custom: result.value });
      else
        setUnreadable({
          code,
          problem: `Its operations cannot be read: ${result.problem}. The story is shown instead.`,
        });
    });
    return () => {
      isWanted = false;
    };
  }, [named, code, isRead]);

  const custom = isHere ? carried.custom : undefined;
  const source = useMemo<Source>(
    () => (custom === undefined ? { kind: "story", story: wanted.story } : { kind: "custom", custom }),
    [custom, wanted.story],
  );
  const experimented = useExperiment(isRead ? source : undefined);
  if (experimented === undefined) return undefined;
  const { source: shown, experiment } = experimented;

  const show = async (next: CustomScenario, name: string, at: number | null): Promise<void> => {
    const whole = await encodeScenario(next);
    const nextCode = whole.length <= maxCodeLength ? whole : undefined;
    const nextName = nextCode === undefined && name !== "recording" ? "custom" : name;
    setCarried({ name: nextName, code: nextCode, custom: next });
    await set({ scenario: nextName, ops: nextCode ?? null, step: at, pod: null }, { history: "push" });
  };
  const { divergences, length } = experiment;
  const opensAt = openingStep(shown, length, divergences[0]?.apartFrom ?? divergences[0]?.from);
  const problem = wanted.problem !== undefined && !isHere ? wanted.problem : undefined;
  return {
    source: shown,
    title: titleOf(shown),
    experiment,
    step: Math.min(Math.max(step ?? opensAt, 0), length),
    speed,
    pod: pod ?? undefined,
    problem: code !== undefined && unreadable?.code === code ? unreadable.problem : problem,
    isUnshareable: isHere && carried.code === undefined,
    goTo: (next) => void set({ step: Math.min(Math.max(next, 0), length) }, { history: "replace" }),
    setSpeed: (next) => void set({ speed: next }, { history: "replace" }),
    choosePod: (uid) => void set({ pod: uid === pod ? null : uid }, { history: "push" }),
    openStory: (id) => void set({ scenario: id, ops: null, step: null, pod: null }, { history: "push" }),
    openTrace: ({ file }, trace) =>
      void show({ title: `${trace.name}, from ${file}`, scenario: trace.scenario }, "recording", null),
    change: (changed, at) =>
      void show({ title: changedTitle(titleOf(shown)), scenario: changed }, named ?? wanted.story.id, at),
  };
}
