import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { StatusError, unauthorized } from "../api/status.ts";

/** Who may speak to this server: programs that know it by a loopback name, never a page whose name was rebound to it. */
export function checkHost(request: IncomingMessage): void {
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  if (host === "127.0.0.1" || host === "localhost") return;
  const message = "this server answers to 127.0.0.1 and localhost only";
  throw new StatusError({ code: 403, reason: "Forbidden", message });
}

export function checkToken(request: IncomingMessage, token: string): void {
  if (!isSameSecret(request.headers.authorization ?? "", `Bearer ${token}`)) throw unauthorized();
}

/** Takes as long for a near miss as for a far one. */
export function isSameSecret(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
