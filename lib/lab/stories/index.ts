import { eventBeforePop } from "./event-before-pop.ts";
import { gatedForever } from "./gated-forever.ts";
import { headOfLine } from "./head-of-line.ts";
import {
  busyScheduler,
  firstIsSafe,
  markerKept,
  markerLostLater,
  markerRemoved,
  seenEventsLost,
} from "./historical-bug.ts";
import { leakedMarker } from "./leaked-marker.ts";
import type { Story } from "./script.ts";
import { wrongSkip } from "./wrong-skip.ts";

export type { Story };

/** What the Lab opens with. */
export const openingStory: Story = markerRemoved;

/** The historical bug in five scripts, and as it looked in practice. */
export const historicalStories: readonly Story[] = [
  markerRemoved,
  busyScheduler,
  markerLostLater,
  seenEventsLost,
  markerKept,
  firstIsSafe,
];

/** What both schemes do alike. */
export const otherStories: readonly Story[] = [leakedMarker, gatedForever, headOfLine, eventBeforePop, wrongSkip];

export function storyById(id: string): Story | undefined {
  return [...historicalStories, ...otherStories].find((story) => story.id === id);
}
