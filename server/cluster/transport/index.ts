export { ExecNotApprovedError, ExecPluginError, CredentialFileError } from "./credential-errors.ts";
export { type ExchangeOptions } from "./exchange.ts";
export { KubeTransport, type GetRequest, type SelfReview } from "./kube-transport.ts";
export { type ResourceName, type ResourceSelection } from "./resource-path.ts";
