export { type ExchangeOptions } from "./exchange.ts";
export { KubeTransport } from "./kube-transport.ts";
export { KubeWriter } from "./kube-writer.ts";
export { describeProblem } from "./problems.ts";
export { type ResourceName } from "./resource-path.ts";
