export { labHrefOf, type PodInLab } from "./from-pod.model.ts";
export { LabView } from "./lab-view.tsx";
