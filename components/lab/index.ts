export { LabView } from "./lab-view.tsx";
