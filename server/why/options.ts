import { parseArgs } from "node:util";

/** What is asked on the command line: `kube-inflight why …`. */
export interface WhyOptions {
  readonly pod: string | undefined;
  readonly namespace: string | undefined;
  readonly isAll: boolean;
  readonly output: "text" | "json";
  readonly cluster: string | undefined;
  /** Those that choose a kubeconfig and a state directory, for who reads all others. */
  readonly rest: readonly string[];
}

export const usage = `usage: kube-inflight why [-n NAMESPACE] POD
       kube-inflight why --all [-n NAMESPACE]

Says in one sentence why a pod is not scheduled, then the proof, then what would unblock it. It asks the server that
runs with this state directory; without one it lists the cluster once, and then knows no history.

  -n, --namespace N    default: that of the kubeconfig's context, else "default"
  -A, --all            every pod that waits, the worst first; of one namespace with -n
  -o, --output text|json
      --context C      of the kubeconfig
      --cluster ID     of the running server; without it, that of the current context
      --kubeconfig F, --state-dir D, --allow-exec

As kubectl plugin: kubectl inflight why … Colours need a terminal; NO_COLOR turns them off.

exit status: 0 bound, 1 blocked or waiting, 2 needs you, 3 cannot tell, 4 not found
`;

/** @throws TypeError for what is no option */
export function readWhyOptions(args: readonly string[]): WhyOptions | "help" {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      namespace: { type: "string", short: "n" },
      all: { type: "boolean", short: "A" },
      "all-namespaces": { type: "boolean" },
      output: { type: "string", short: "o" },
      cluster: { type: "string" },
      context: { type: "string" },
      kubeconfig: { type: "string" },
      "state-dir": { type: "string" },
      "allow-exec": { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) return "help";
  // As kubectl takes it: `pod web`.
  const [given, ...others] = positionals.length > 1 && isKind(positionals[0]) ? positionals.slice(1) : positionals;
  const isAll = values.all === true || values["all-namespaces"] === true;
  if (others.length > 0 || (given === undefined) !== isAll) {
    throw new TypeError("expected one pod, or --all: kube-inflight why -n shop cart-1");
  }
  const { output = "text" } = values;
  if (output !== "text" && output !== "json") throw new TypeError(`-o ${output}: expected text or json`);
  const [before, after] = (given ?? "").replace(/^(?:pods?|po)\//, "").split("/");
  const rest = (["context", "kubeconfig", "state-dir"] as const).flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [`--${name}`, value];
  });
  return {
    pod: given === undefined ? undefined : (after ?? before),
    namespace: values.namespace ?? (after === undefined ? undefined : before),
    isAll,
    output,
    cluster: values.cluster ?? values.context,
    rest: values["allow-exec"] === true ? [...rest, "--allow-exec"] : rest,
  };
}

function isKind(word: string | undefined): boolean {
  return word === "pod" || word === "pods" || word === "po";
}
