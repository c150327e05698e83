import type { Clock } from "#lib/clock/index.ts";
import type { ClusterAccess, Pem } from "#server/cluster/kubeconfig/index.ts";
import { ExecCredentials } from "./exec-credentials.ts";
import { runExecPlugin, type Environment, type ExecStatus } from "./exec-runner.ts";
import { RotatingFile } from "./rotating-file.ts";

/** What one request is sent with. Two that are the same object are the same credentials. */
export interface Credential {
  readonly authorization: string | undefined;
  readonly authority: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

export interface CredentialOptions {
  readonly clock: Clock;
  /** Handed to exec plugins. */
  readonly environment: Environment;
  /** Asked each time before a sign-in command would run. */
  readonly isExecApproved: (hash: string) => boolean;
  readonly execTimeoutMs?: number;
}

const defaultExecTimeoutMs = 30_000;

/** The credentials of one context, always the newest there are. */
export class Credentials {
  readonly #access: ClusterAccess;
  readonly #files = new Map<string, RotatingFile>();
  readonly #clock: Clock;
  readonly #exec: ExecCredentials | undefined;
  readonly #closed = new AbortController();
  #last: { readonly credential: Credential; readonly exec: ExecStatus | undefined } | undefined;

  constructor(access: ClusterAccess, options: CredentialOptions) {
    this.#access = access;
    this.#clock = options.clock;
    if (access.signIn.kind !== "exec") return;
    const { plugin } = access.signIn;
    this.#exec = new ExecCredentials(plugin, {
      clock: options.clock,
      isApproved: options.isExecApproved,
      run: async () =>
        runExecPlugin({
          plugin,
          server: access.server,
          authorityPem: await this.#pem(access.server.authority),
          environment: options.environment,
          timeoutMs: options.execTimeoutMs ?? defaultExecTimeoutMs,
          signal: this.#closed.signal,
        }),
    });
  }

  /** The same object as before if nothing has changed. */
  async current(): Promise<Credential> {
    const { server, clientCertificate } = this.#access;
    // As kubectl does: over plain HTTP nothing is sent that a listener could use.
    const isSecure = server.url.startsWith("https:");
    const exec = isSecure ? await this.#exec?.get() : undefined;
    const credential: Credential = {
      authorization: isSecure ? await this.#authorization(exec) : undefined,
      authority: await this.#pem(server.authority),
      certificate: exec?.certificate ?? (await this.#pem(clientCertificate?.certificate)),
      key: exec?.key ?? (await this.#pem(clientCertificate?.key)),
    };
    const last = this.#last;
    // A plugin that ran again and said the same has said it anew: else its answer could never be dropped again.
    if (last !== undefined && last.exec === exec && isSame(last.credential, credential)) return last.credential;
    this.#last = { credential, exec };
    return credential;
  }

  /** The server refused it: whatever can be renewed is asked for again next time. */
  drop(refused: Credential): void {
    if (this.#last?.credential !== refused) return;
    if (this.#last.exec !== undefined) this.#exec?.drop(this.#last.exec);
    for (const file of this.#files.values()) file.expire();
  }

  /** Ends a sign-in command that is running. */
  close(): void {
    this.#closed.abort();
  }

  async #authorization(exec: ExecStatus | undefined): Promise<string | undefined> {
    const { signIn } = this.#access;
    switch (signIn.kind) {
      case "token":
        return `Bearer ${signIn.token}`;
      case "tokenFile":
        return `Bearer ${(await this.#file(signIn.path)).trim()}`;
      case "basic":
        return `Basic ${Buffer.from(`${signIn.username}:${signIn.password}`).toString("base64")}`;
      case "exec":
        return exec?.token === undefined ? undefined : `Bearer ${exec.token}`;
      case "none":
        return undefined;
    }
    return undefined;
  }

  async #pem(pem: Pem | undefined): Promise<string | undefined> {
    if (pem === undefined) return undefined;
    return pem.kind === "text" ? pem.pem : this.#file(pem.path);
  }

  #file(path: string): Promise<string> {
    let file = this.#files.get(path);
    if (file === undefined) this.#files.set(path, (file = new RotatingFile(path, this.#clock)));
    return file.read();
  }
}

function isSame(one: Credential, other: Credential): boolean {
  return (
    one.authorization === other.authorization &&
    one.authority === other.authority &&
    one.certificate === other.certificate &&
    one.key === other.key
  );
}
