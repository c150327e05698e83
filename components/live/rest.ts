import type { z } from "zod";
import { failure } from "#lib/protocol/index.ts";

/** The server answered that it could not do what was asked, or did not answer at all (`unreachable`). */
export class RequestFailedError extends Error {
  override readonly name = "RequestFailedError";
  readonly code: string;
  readonly status: number | undefined;

  constructor(
    code: string,
    message: string,
    { status, cause }: { readonly status?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.status = status;
  }
}

export interface Request {
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  readonly body?: object;
  readonly signal?: AbortSignal;
}

/** Joins a path under `/api`; each part is encoded, so an informer's key may contain slashes. */
export function apiPath(...parts: readonly (string | number)[]): string {
  return `/api/${parts.map((part) => encodeURIComponent(part)).join("/")}`;
}

/** Asks the server and parses the answer. Rejects with a {@link RequestFailedError}. */
export async function request<S extends z.ZodType>(
  path: string,
  schema: S,
  { method = "GET", body, signal }: Request = {},
): Promise<z.output<S>> {
  const response = await fetch(path, {
    method,
    ...(signal === undefined ? {} : { signal }),
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
  }).catch((cause: unknown) => {
    if (signal?.aborted === true) throw cause;
    throw new RequestFailedError("unreachable", "The server does not answer. Is it still running?", { cause });
  });
  const answer: unknown = await response.json().catch(() => undefined);
  const { status } = response;
  if (!response.ok) {
    const said = failure.safeParse(answer).data;
    throw new RequestFailedError(said?.code ?? "failed", said?.message ?? `The server answered ${status}.`, { status });
  }
  const { success, data, error } = schema.safeParse(answer);
  if (success) return data;
  throw new RequestFailedError("unexpected-answer", "The answer is not understood. Reload the page.", {
    status,
    cause: error,
  });
}
