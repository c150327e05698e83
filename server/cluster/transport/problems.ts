import { ApiStatusError, ConnectionError, DecodeError } from "#lib/informer/index.ts";
import type { Problem } from "#lib/protocol/index.ts";
import { codeOf } from "./connection-errors.ts";
import {
  ClientCertificateExpiredError,
  CredentialFileError,
  ExecNotApprovedError,
  ExecPluginError,
} from "./credential-errors.ts";

/** What the words can be made clearer by. */
export interface ProblemContext {
  readonly server?: string;
  readonly user?: string;
  /** What was asked for, if it was all objects of a resource: `apps/v1/deployments`. */
  readonly resource?: string;
}

/** A failure of a cluster in the words of the page: two for what it is, a sentence for why, a sentence for what to do. */
export function describeProblem(
  error: unknown,
  { server = "the server", user, resource }: ProblemContext = {},
): Problem {
  if (error instanceof ConnectionError) return connectionProblem(error, server);
  if (error instanceof ApiStatusError && error.code === 404 && resource !== undefined) return notServed(resource);
  if (error instanceof ApiStatusError)
    return refusalProblem(error, user === undefined || user === "" ? "the user" : user, resource);
  if (error instanceof ExecNotApprovedError) {
    return {
      code: "exec-not-approved",
      title: "Approval needed",
      message: `Signing in runs ${error.commandLine}.`,
      hint: "Approve the command if you trust it, or start with --allow-exec.",
    };
  }
  if (error instanceof ExecPluginError) {
    return {
      code: "exec-failed",
      title: "Sign-in failed",
      message: sentence(error.message),
      hint: error.installHint ?? "Run the command in a terminal: it may ask you to sign in again.",
    };
  }
  if (error instanceof CredentialFileError) {
    return {
      code: "credentials-unreadable",
      title: "Credentials unreadable",
      message: sentence(error.message),
      hint: "Restore the file, or correct the kubeconfig.",
    };
  }
  if (error instanceof DecodeError) {
    return {
      code: "not-kubernetes",
      title: "Unreadable answer",
      message: sentence(error.message),
      hint: `Check that ${server} is a Kubernetes API server, and that no proxy answers in its place.`,
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: "unexpected", title: "Unexpected error", message: sentence(message), hint: "Look into the log." };
}

type Words = Omit<Problem, "message">;

const lost: Words = {
  code: "connection-lost",
  title: "Connection lost",
  hint: "It is tried again. If it keeps happening, look at what stands between: a proxy, a tunnel, a load balancer.",
};

const connectionProblems = {
  refused: {
    code: "connection-refused",
    title: "Connection refused",
    hint: "Start the cluster, or correct its address in the kubeconfig.",
  },
  timeout: {
    code: "timed-out",
    title: "Timed out",
    hint: "Check the network to it: a VPN, a firewall, a bastion.",
  },
  dns: {
    code: "unknown-host",
    title: "Unknown host",
    hint: "Check the name in the kubeconfig, and whether a VPN is needed for it to be known.",
  },
  tls: {
    code: "tls-mismatch",
    title: "TLS mismatch",
    hint: "The kubeconfig may be older than the cluster: fetch it anew, or correct certificate-authority or tls-server-name.",
  },
  reset: lost,
  eof: lost,
  closed: lost,
  goAway: lost,
  lost,
  other: {
    code: "connection-failed",
    title: "Connection failed",
    hint: "Check the network to it, and the kubeconfig.",
  },
} as const satisfies Record<ConnectionError["kind"], Words>;

function connectionProblem(error: ConnectionError, server: string): Problem {
  const message = sentence(`${server}: ${error.message}`);
  const code = codeOf(error.cause);
  if (error.kind === "tls" && /EXPIRED/i.test(`${code} ${error.message}`)) {
    const isOurs = /alert/i.test(`${code} ${error.message}`);
    return { ...(isOurs ? clientCertificateExpired : serverCertificateExpired), message };
  }
  if (code === "EHOSTUNREACH" || code === "ENETUNREACH") {
    return { ...connectionProblems.timeout, code: "host-unreachable", title: "Host unreachable", message };
  }
  return { ...connectionProblems[error.kind], message };
}

const serverCertificateExpired: Words = {
  code: "certificate-expired",
  title: "Certificate expired",
  hint: "Renew the certificate of the API server.",
};

const clientCertificateExpired: Words = {
  code: "certificate-expired",
  title: "Certificate expired",
  hint: "Fetch a new kubeconfig, or renew the client certificate in it.",
};

function refusalProblem(error: ApiStatusError, user: string, resource: string | undefined): Problem {
  // In the server's own words.
  const { message } = error;
  if (error.cause instanceof ClientCertificateExpiredError) {
    return { ...clientCertificateExpired, message: sentence(error.cause.message) };
  }
  switch (error.code) {
    case 401:
      return {
        code: "sign-in-expired",
        title: "Sign-in expired",
        message,
        hint: "Sign in again: the server does not accept these credentials.",
      };
    case 403:
      return {
        code: "forbidden",
        title: "Forbidden",
        message,
        hint: `Ask for get, list and watch on ${resource === undefined ? "it" : fullNameOf(resource)} for ${user}.`,
      };
    case 404:
      return {
        code: "not-found",
        title: "Not found",
        message,
        hint: "Check the address in the kubeconfig, and whether the cluster serves this kind.",
      };
    case 429:
      return { code: "too-busy", title: "Too busy", message, hint: "It is tried again when the server has time." };
    default:
      return error.code >= 500
        ? {
            code: "server-error",
            title: "Server error",
            message,
            hint: "It is tried again. Look into the log of the API server.",
          }
        : { code: "refused", title: "Request refused", message, hint: "Look into the log of the API server." };
  }
}

/** `deployments.apps`, as roles and kubectl have it. */
function fullNameOf(resource: string): string {
  const [name = "", , ...group] = resource.split("/").reverse();
  return [name, ...group].join(".");
}

/** There is no such thing as a collection that is not there: the API server does not know the resource. */
function notServed(resource: string): Problem {
  const version = resource.split("/").at(-2) ?? "";
  return {
    code: "not-served",
    title: "Not served",
    message: `The API server does not serve ${fullNameOf(resource)} in ${version}: its definition was deleted, or this API is not enabled.`,
    hint: "It goes on by itself once it is served again. kubectl api-resources lists what is.",
  };
}

function sentence(text: string): string {
  const trimmed = text.trim();
  const first = trimmed.charAt(0);
  // A command or an address begins as it is written.
  const capital = /^[a-z]+(?: |$)/.test(trimmed) ? first.toUpperCase() : first;
  return `${capital}${trimmed.slice(1)}${/[.!?]$/.test(trimmed) ? "" : "."}`;
}
