export { Abort } from "./abort.ts";
export { sleep, type Clock, type Instant, type Signal, type Timer } from "./clock.ts";
