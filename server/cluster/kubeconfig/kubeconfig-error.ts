export type KubeconfigErrorCode =
  | "kubeconfig-missing"
  | "kubeconfig-unreadable"
  | "kubeconfig-malformed"
  | "context-missing"
  | "context-malformed"
  | "cluster-missing"
  | "cluster-malformed"
  | "user-missing"
  | "user-malformed"
  | "sign-in-unsupported";

/**
 * A kubeconfig that cannot be used as it stands. The message says what was expected and where, the hint what to do.
 * Neither ever quotes the file: what stands beside a mistake may be a credential.
 */
export class KubeconfigError extends Error {
  override readonly name = "KubeconfigError";
  readonly code: KubeconfigErrorCode;
  readonly hint: string;

  constructor(code: KubeconfigErrorCode, message: string, hint: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}
