export { PodView } from "./pod-view.tsx";
