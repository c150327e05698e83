export { InformersView } from "./informers-view.tsx";
