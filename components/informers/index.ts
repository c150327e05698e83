export { StateMark } from "./informer-list.tsx";
export { sortInformers, stateOf } from "./informer-list.model.ts";
export { InformersView } from "./informers-view.tsx";
