export {
  authKind,
  type AuthKind,
  type ClientCertificate,
  type ClusterAccess,
  type Impersonation,
  type Pem,
  type ServerAccess,
  type SignIn,
} from "./access.ts";
export { contextSlugs } from "./context-slug.ts";
export { listContexts, type ContextSummary } from "./contexts.ts";
export { mergeKubeconfigs, parseKubeconfig, type Entry, type Kubeconfig } from "./document.ts";
export { type ExecApiVersion, type ExecEnv, type ExecPlugin } from "./exec-plugin.ts";
export { KubeconfigError, type KubeconfigErrorCode } from "./kubeconfig-error.ts";
export { inClusterContext, inClusterKubeconfig, loadKubeconfig, missingKubeconfig } from "./load.ts";
export { resolveContext } from "./resolve.ts";
