import { authKind, type AuthKind, type ClusterAccess } from "./access.ts";
import { contextSlugs } from "./context-slug.ts";
import type { Kubeconfig } from "./document.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";
import { outlineContext, resolveContext } from "./resolve.ts";

/** One context as a list shows it. No credentials: it is made for the wire. */
export interface ContextSummary {
  /** Slug of the name, unique in this kubeconfig. */
  readonly id: string;
  readonly name: string;
  /** Empty if it cannot be told. */
  readonly server: string;
  readonly user: string;
  readonly auth: AuthKind;
  readonly isCurrent: boolean;
  /** Set when the context cannot be used as it stands. */
  readonly error?: KubeconfigError;
  /** The command that signing in would run. */
  readonly exec?: { readonly commandLine: string; readonly hash: string };
}

/** @param reserved ids that are taken by clusters that are not in the kubeconfig */
export function listContexts(kubeconfig: Kubeconfig, reserved: Iterable<string> = []): readonly ContextSummary[] {
  const slugs = contextSlugs(kubeconfig.contexts.keys(), reserved);
  return [...kubeconfig.contexts.keys()].map((name) => ({
    id: slugs.get(name) ?? name,
    name,
    isCurrent: name === kubeconfig.currentContext,
    ...summary(kubeconfig, name),
  }));
}

type Found = Pick<ContextSummary, "server" | "user" | "auth" | "error" | "exec">;

function summary(kubeconfig: Kubeconfig, name: string): Found {
  try {
    return found(resolveContext(kubeconfig, name));
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error;
    const auth = error.code === "sign-in-unsupported" ? "auth provider" : "none";
    return { ...outlineContext(kubeconfig, name), auth, error };
  }
}

function found(access: ClusterAccess): Found {
  const { signIn, server, user } = access;
  const exec =
    signIn.kind === "exec" ? { exec: { commandLine: signIn.plugin.commandLine, hash: signIn.plugin.hash } } : {};
  return { server: server.url, user, auth: authKind(access), ...exec };
}
