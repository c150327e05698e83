import type { ExecPlugin } from "./exec-plugin.ts";

/** Certificates and keys in PEM: as they are, or the file they stand in, which may be replaced while we run. */
export type Pem = { readonly kind: "text"; readonly pem: string } | { readonly kind: "file"; readonly path: string };

/** What stands in the Authorization header. */
export type SignIn =
  | { readonly kind: "none" }
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "tokenFile"; readonly path: string; readonly isInCluster: boolean }
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  | { readonly kind: "exec"; readonly plugin: ExecPlugin };

export interface ClientCertificate {
  readonly certificate: Pem;
  readonly key: Pem;
}

export interface Impersonation {
  readonly user: string;
  readonly uid: string | undefined;
  readonly groups: readonly string[];
  readonly extra: ReadonlyMap<string, readonly string[]>;
}

export interface ServerAccess {
  /** Without a trailing slash; may have a path. */
  readonly url: string;
  readonly authority: Pem | undefined;
  readonly isTlsVerified: boolean;
  /** The name the certificate has to have, instead of the host's. */
  readonly tlsServerName: string | undefined;
  readonly proxyUrl: string | undefined;
  /** What the kubeconfig has for exec plugins that want to know the cluster. */
  readonly execConfig: unknown;
}

/** All that is needed to talk to the cluster of one context. */
export interface ClusterAccess {
  readonly context: string;
  readonly server: ServerAccess;
  /** Name of the kubeconfig's user; empty if the context names none. */
  readonly user: string;
  readonly signIn: SignIn;
  readonly clientCertificate: ClientCertificate | undefined;
  readonly impersonation: Impersonation | undefined;
}

/** How a context signs in, in a word for the page. */
export type AuthKind =
  "token" | "token file" | "client certificate" | "exec" | "auth provider" | "basic" | "in-cluster" | "none";

export function authKind({ signIn, clientCertificate }: ClusterAccess): AuthKind {
  if (signIn.kind === "tokenFile") return signIn.isInCluster ? "in-cluster" : "token file";
  if (signIn.kind !== "none") return signIn.kind;
  return clientCertificate === undefined ? "none" : "client certificate";
}
