import process from "node:process";
import { inClusterKubeconfig, loadKubeconfig, missingKubeconfig, type Kubeconfig } from "./kubeconfig/index.ts";

/**
 * The kubeconfig of these files, else that of the pod we run in.
 *
 * @throws KubeconfigError when there is none, or it is none
 */
export function findKubeconfig(paths: readonly string[]): Kubeconfig {
  const found = loadKubeconfig(paths) ?? inClusterKubeconfig(process.env);
  if (found === undefined) throw missingKubeconfig(paths);
  return found;
}
