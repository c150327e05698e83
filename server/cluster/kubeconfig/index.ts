export { authKind, type ClusterAccess, type Pem, type ServerAccess } from "./access.ts";
export { contextSlugs } from "./context-slug.ts";
export { listContexts, type ContextSummary } from "./contexts.ts";
export { mergeKubeconfigs, parseKubeconfig, type Kubeconfig } from "./document.ts";
export { type ExecPlugin } from "./exec-plugin.ts";
export { KubeconfigError, type KubeconfigErrorCode } from "./kubeconfig-error.ts";
export { inClusterKubeconfig, loadKubeconfig, missingKubeconfig } from "./load.ts";
export { kubeconfigProblem } from "./problem.ts";
export { namespaceOfContext, resolveContext } from "./resolve.ts";
