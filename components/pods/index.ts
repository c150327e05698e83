export { PodsView } from "./pods-view.tsx";
