export { labelCode } from "./event-code.model.ts";
export { QueueView } from "./queue-view.tsx";
