export { isHeldByKueue } from "./kueue-objects.ts";
export { Statements, type StatementsTransport } from "./statements.ts";
