export { nodeForScheduling, podForScheduling } from "./for-scheduling.ts";
export { redact, redacted } from "./redact.ts";
export { isSecret, transformFor } from "./transform.ts";
