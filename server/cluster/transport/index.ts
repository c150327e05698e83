export {
  ClientCertificateExpiredError,
  CredentialFileError,
  ExecNotApprovedError,
  ExecPluginError,
} from "./credential-errors.ts";
export { type ApiResource } from "./discovery.ts";
export { type ExchangeOptions } from "./exchange.ts";
export { KubeTransport, type GetRequest, type SelfReview } from "./kube-transport.ts";
export { KubeWriter, type PatchType, type Target } from "./kube-writer.ts";
export { describeProblem, type ProblemContext } from "./problems.ts";
export { type ResourceName, type ResourceSelection } from "./resource-path.ts";
