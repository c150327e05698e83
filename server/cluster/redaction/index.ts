export { nodeForScheduling, podForScheduling } from "./for-scheduling.ts";
export { type Ingested } from "./managed-fields.ts";
export { redact, redacted } from "./redact.ts";
export { isSecret, transformFor, type Transform } from "./transform.ts";
