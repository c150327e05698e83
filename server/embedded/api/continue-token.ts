import { badRequest } from "./status.ts";

/** Where the next page begins, and at which version; `version` -1 asks for whatever is current. */
export interface ContinueToken {
  readonly version: number;
  readonly after: string;
}

export const anyVersion = -1;

export function encodeContinueToken({ version, after }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: version, start: after })).toString("base64url");
}

export function decodeContinueToken(text: string): ContinueToken {
  let token: unknown;
  try {
    token = JSON.parse(Buffer.from(text, "base64url").toString());
  } catch {
    throw invalidToken();
  }
  if (typeof token !== "object" || token === null || !("rv" in token) || !("start" in token)) throw invalidToken();
  if (typeof token.rv !== "number" || typeof token.start !== "string") throw invalidToken();
  return { version: token.rv, after: token.start };
}

function invalidToken(): Error {
  return badRequest("continue key is not valid");
}
