export { faultGroups, faultWords, scopeWords } from "./fault-words.model.ts";
export { FaultsBanner } from "./faults-banner.tsx";
