import type { Signal } from "#lib/clock/index.ts";
import type { Problem } from "#lib/protocol/index.ts";
import type { ClusterAccess } from "../kubeconfig/index.ts";
import { describeProblem, KubeTransport, type ExchangeOptions } from "../transport/index.ts";

/** Where a kube-scheduler can be asked about itself. */
export interface SchedulerEndpoint {
  /** `https://127.0.0.1:10259/metrics`, or the pod: `kube-system/kube-scheduler-a`. */
  readonly address: string;
  metrics(signal: Signal): Promise<string>;
  /** Its configuration; kube-scheduler gives it to fewer than its metrics. */
  configuration(signal: Signal): Promise<unknown>;
  /** What was wrong, with what can be done about it here. */
  readonly problemOf: (error: unknown) => Problem;
}

/** Finds the endpoints that are worth a try, the likeliest first. Rejects when they cannot even be looked for. */
export interface EndpointFinder {
  /** Where it looks, for the page. */
  readonly where: string;
  find(signal: Signal): Promise<readonly SchedulerEndpoint[]>;
  readonly problemOf: (error: unknown) => Problem;
  close(): Promise<void>;
}

/** What the command line says about kube-scheduler's metrics. */
export interface MetricsAddress {
  readonly url: string;
  readonly tokenPath?: string;
  readonly authorityPath?: string;
}

/** The one address that was named. Credentials of the kubeconfig are never sent there: it is another server. */
export function namedEndpoint(
  { url, tokenPath, authorityPath }: MetricsAddress,
  options: ExchangeOptions,
): EndpointFinder {
  const { origin, pathname, hostname } = new URL(url);
  const access: ClusterAccess = {
    context: "scheduler-metrics",
    server: {
      url: origin,
      authority: authorityPath === undefined ? undefined : { kind: "file", path: authorityPath },
      // kube-scheduler signs its own certificate unless it is given one. On loopback, and with nothing to steal, that will do.
      isTlsVerified: authorityPath !== undefined || tokenPath !== undefined || !isLoopback(hostname),
      tlsServerName: undefined,
      proxyUrl: undefined,
      execConfig: undefined,
    },
    user: "",
    signIn: tokenPath === undefined ? { kind: "none" } : { kind: "tokenFile", path: tokenPath, isInCluster: false },
    clientCertificate: undefined,
    impersonation: undefined,
  };
  const transport = new KubeTransport(access, options);
  const problemOf = (error: unknown): Problem => withHint(describeProblem(error, { server: origin }), namedHints);
  const path = pathname === "/" ? "/metrics" : pathname;
  const endpoint: SchedulerEndpoint = {
    address: `${origin}${path}`,
    metrics: (signal) => transport.getText({ path, signal }),
    configuration: (signal) => transport.getJson({ path: path.replace(/\/metrics$/, "/configz"), signal }),
    problemOf,
  };
  return { where: url, find: async () => [endpoint], problemOf, close: () => transport.close() };
}

const namespace = "kube-system";
const securePort = 10_259;

/** kube-scheduler's pods, through the API server. */
export function proxiedEndpoints(transport: Pick<KubeTransport, "getJson" | "getText">): EndpointFinder {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const problemOf = (error: unknown): Problem => withHint(describeProblem(error), proxyHints);
  return {
    where: `pods of component=kube-scheduler in ${namespace}`,
    find: async (signal) => {
      const query = { labelSelector: "component=kube-scheduler" };
      const names = namesOfRunning(await transport.getJson({ path: pods, query, signal }));
      return names.map((name) => {
        const proxy = `${pods}/${encodeURIComponent(`https:${name}:${securePort}`)}/proxy`;
        return {
          address: `${namespace}/${name}`,
          metrics: (signal) => transport.getText({ path: `${proxy}/metrics`, signal }),
          configuration: (signal) => transport.getJson({ path: `${proxy}/configz`, signal }),
          problemOf,
        };
      });
    },
    problemOf,
    close: async () => {},
  };
}

function namesOfRunning(list: unknown): readonly string[] {
  const { items = [] } = list as { readonly items?: readonly SchedulerPod[] };
  return items.flatMap(({ metadata, status }) =>
    status?.phase === "Running" && metadata?.name !== undefined ? [metadata.name] : [],
  );
}

interface SchedulerPod {
  readonly metadata?: { readonly name?: string };
  readonly status?: { readonly phase?: string };
}

const giveUrl = "give --scheduler-metrics URL";
const namedHints: Readonly<Record<string, string>> = {
  "connection-refused": "Check the address in --scheduler-metrics: kube-scheduler serves its metrics on port 10259.",
  "unknown-host": "Check the address in --scheduler-metrics.",
  "timed-out": "Check the address in --scheduler-metrics, and the network to it.",
  "tls-mismatch": "Name the authority of its certificate with --scheduler-metrics-ca FILE.",
  "sign-in-expired": "Give --scheduler-metrics-token FILE with the token of an account that may get /metrics.",
  forbidden: "Give --scheduler-metrics-token FILE with the token of an account that may get /metrics.",
  "not-found": "Check the path in --scheduler-metrics: it is usually /metrics.",
};
const proxyHints: Readonly<Record<string, string>> = {
  forbidden: `Allow get on pods/proxy in ${namespace} and on /metrics, or ${giveUrl}.`,
  "sign-in-expired": `kube-scheduler does not know us through the API server: ${giveUrl}.`,
  "not-found": `It may have gone meanwhile, or is served otherwise: ${giveUrl}.`,
  "server-error": `The API server cannot reach it, often because it listens on 127.0.0.1 only: ${giveUrl}.`,
};

function withHint(problem: Problem, hints: Readonly<Record<string, string>>): Problem {
  return { ...problem, hint: hints[problem.code] ?? problem.hint };
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
