import type { Problem } from "#lib/protocol/index.ts";
import type { KubeconfigError, KubeconfigErrorCode } from "./kubeconfig-error.ts";

const titles = {
  "kubeconfig-missing": "No kubeconfig",
  "kubeconfig-unreadable": "Kubeconfig unreadable",
  "kubeconfig-malformed": "Kubeconfig malformed",
  "context-missing": "Context missing",
  "context-malformed": "Context malformed",
  "cluster-missing": "Cluster missing",
  "cluster-malformed": "Cluster malformed",
  "user-missing": "User missing",
  "user-malformed": "User malformed",
  "sign-in-unsupported": "Sign-in unsupported",
} as const satisfies Record<KubeconfigErrorCode, string>;

/** As the Attach page shows it. */
export function kubeconfigProblem({ code, message, hint }: KubeconfigError): Problem {
  return { code, title: titles[code], message, hint };
}
