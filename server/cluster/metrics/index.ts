export { informerFamilies } from "./informer-families.ts";
export { registrationFamilies } from "./registration-families.ts";
export { ThreadFamilies } from "./thread-families.ts";
