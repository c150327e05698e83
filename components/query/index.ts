export { QueryBar } from "./query-bar.tsx";
export { tokensOf, withoutToken } from "./query-text.model.ts";
