import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where kubectl looks when it is told nothing: the files of `$KUBECONFIG`, else the one in the home directory. */
export function usualKubeconfigPaths(environment: Environment): readonly string[] {
  const named = (environment["KUBECONFIG"] ?? "").split(delimiter).filter((path) => path !== "");
  return named.length > 0 ? named.map((path) => resolve(path)) : [join(homeDirectory(environment), ".kube", "config")];
}

export function homeDirectory(environment: Environment): string {
  const home = environment["HOME"];
  return home === undefined || home === "" ? homedir() : home;
}
