import { ConnectionError, type ConnectionErrorKind } from "#lib/informer/index.ts";

/** By the code of the system, of TLS and of the HTTP client. */
const kindOfCode: Readonly<Record<string, ConnectionErrorKind>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  EPIPE: "reset",
  ECONNABORTED: "reset",
  UND_ERR_SOCKET: "eof",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "eof",
  HPE_INVALID_EOF_STATE: "eof",
  // A body that ends before what it holds does.
  Z_BUF_ERROR: "eof",
  UND_ERR_DESTROYED: "closed",
  UND_ERR_CLOSED: "closed",
  ETIMEDOUT: "timeout",
  ESOCKETTIMEDOUT: "timeout",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  EAI_FAIL: "dns",
  EAI_NODATA: "dns",
  EPROTO: "tls",
};

/** Of `X509_verify_cert_error_string`, as Node names them. */
const certificateCode =
  /^(?:CERT_|CRL_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)/;

/** What the HTTP client threw, as what happened to the connection. An error that is ours already is left as it is. */
export function connectionError(error: unknown): ConnectionError {
  if (error instanceof ConnectionError) return error;
  const deepest = innermost(error);
  const code = codeOf(deepest);
  const text = deepest instanceof Error ? deepest.message : String(deepest);
  return new ConnectionError(kindOf(code, text), text === "" ? code : text, { cause: deepest });
}

function kindOf(code: string, text: string): ConnectionErrorKind {
  const kind = kindOfCode[code];
  if (kind === "eof" && /ECONNRESET|reset/i.test(text)) return "reset";
  if (kind !== undefined) return kind;
  if (certificateCode.test(code) || /SSL routines|TLS connection/.test(text)) return "tls";
  return "other";
}

/** A proxy and a host with several addresses wrap what happened. */
function innermost(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0]);
  if (error instanceof Error && error.cause instanceof Error && codeOf(error) !== "UND_ERR_DESTROYED") {
    return codeOf(error.cause) === "" ? error : innermost(error.cause);
  }
  return error;
}

/** `ECONNREFUSED`, `CERT_HAS_EXPIRED` …; empty if there is none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
