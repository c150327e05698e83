export { isAllowed, type Reviewer } from "./access-reviews.ts";
export { AccessWatch, isRefused } from "./access-watch.ts";
export { forbiddenOf } from "./forbidden.ts";
