/** Signing in would run a command that nobody has approved. */
export class ExecNotApprovedError extends Error {
  override readonly name = "ExecNotApprovedError";
  readonly commandLine: string;
  readonly hash: string;

  constructor(commandLine: string, hash: string) {
    super(`signing in runs ${commandLine}, which was not approved: approve it, or start with --allow-exec`);
    this.commandLine = commandLine;
    this.hash = hash;
  }
}

/** The sign-in command failed. */
export class ExecPluginError extends Error {
  override readonly name = "ExecPluginError";
  readonly commandLine: string;
  readonly installHint: string | undefined;
  /** The last lines that it wrote to standard error. */
  readonly stderr: string;

  constructor(
    what: string,
    from: { readonly commandLine: string; readonly installHint: string | undefined; readonly stderr?: string },
  ) {
    const stderr = from.stderr?.trim() ?? "";
    super(`${from.commandLine} ${what}${stderr === "" ? "" : `: ${stderr}`}`);
    this.commandLine = from.commandLine;
    this.installHint = from.installHint;
    this.stderr = stderr;
  }
}

/** A file that the kubeconfig names for signing in, or for trusting the server, cannot be read. */
export class CredentialFileError extends Error {
  override readonly name = "CredentialFileError";
  readonly path: string;

  constructor(path: string, cause: unknown) {
    const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
    super(`${path}, which the kubeconfig names, cannot be read${code}`, { cause });
    this.path = path;
  }
}

/** Why a server that sent a plain refusal did so: the client certificate is out of date. The cause of that refusal. */
export class ClientCertificateExpiredError extends Error {
  override readonly name = "ClientCertificateExpiredError";

  constructor(validTo: string) {
    super(`the client certificate expired on ${validTo}`);
  }
}
