import { openingStory, storyById, type Scenario, type Story } from "#lib/lab/index.ts";
import type { CustomScenario } from "./ops-code.model.ts";

/** What is experimented with. */
export type Source =
  | { readonly kind: "story"; readonly story: Story }
  /** From a link, a recording, or a story that was changed. */
  | { readonly kind: "custom"; readonly custom: CustomScenario };

export interface Address {
  readonly scenario: string | null;
  readonly ops: string | null;
}

/** What the address asks for, with what is wrong about it. */
export interface Wanted {
  readonly story: Story;
  /** A scenario in the link itself. */
  readonly code: string | undefined;
  readonly problem: string | undefined;
}

/** Scenarios that have a name but no story: their operations are in the address. */
const carried: ReadonlySet<string> = new Set(["custom", "recording", "from-pod"]);

export function wantedBy({ scenario, ops }: Address): Wanted {
  const code = ops ?? undefined;
  if (scenario === null) return { story: openingStory, code, problem: undefined };
  const story = storyById(scenario);
  if (story !== undefined) return { story, code, problem: undefined };
  if (!carried.has(scenario)) {
    return {
      story: openingStory,
      code,
      problem: `There is no story ${scenario}. This is the one that the Lab opens with.`,
    };
  }
  if (code !== undefined) return { story: openingStory, code, problem: undefined };
  const problem =
    scenario === "recording"
      ? "A recording stays in the browser that opened it: open the file again."
      : "This link names no operations.";
  return { story: openingStory, code, problem };
}

export function scenarioOf(source: Source): Scenario {
  return source.kind === "story" ? source.story.scenario : source.custom.scenario;
}

export function titleOf(source: Source): string {
  return source.kind === "story" ? source.story.title : source.custom.title;
}

/** What a changed scenario is called: the word is said once. */
export function changedTitle(title: string): string {
  return title.endsWith(", changed") ? title : `${title}, changed`;
}

/** Where a scenario is opened when the address does not say: where it shows what it is about. */
export function openingStep(source: Source, length: number, firstDivergence: number | undefined): number {
  if (source.kind === "story") return Math.min(source.story.opensAt, length);
  return firstDivergence ?? length;
}
