export type { Divergence, Difference } from "./divergence.ts";
export { examined, unseen, type Examination, type MarkerFact, type SeenEvent } from "./examination.ts";
export { Experiment, experimentInSteps, type Both, type Frame, type StepSummary } from "./experiment.ts";
export { scenarioFromPod, type WitnessedEvent, type WitnessedPod } from "./from-pod.ts";
export { scenariosOf, type NamedScenario, type Playable } from "./from-recording.ts";
export type { PlaceName, PodAt, SideElement, SideFlight, SidePicture } from "./picture.ts";
export { podsOf, type Operation, type Scenario } from "./scenario.ts";
export type { Played, Scheme } from "./side.ts";
export { historicalStories, openingStory, otherStories, storyById, type Story } from "./stories/index.ts";
