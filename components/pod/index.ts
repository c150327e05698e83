export { Headline } from "./headline.tsx";
export { PodView } from "./pod-view.tsx";
export { Advice, NearMisses } from "./side-cards.tsx";
