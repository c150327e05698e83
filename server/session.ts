import { createHmac, createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock, Instant } from "#lib/clock/index.ts";

/** What proves who one is, kept in the state directory: {@link openStateDir}. */
export interface Secrets {
  /** Signs the cookies. Whoever changes it signs every browser out. */
  readonly sessionKey: Buffer;
  /** What the command line and Prometheus send. */
  readonly token: string;
}

/** How a request proved who it comes from. */
export type Credential = "none" | "cookie" | "bearer";

const codeLifetimeMs = 15 * 60_000;
const cookieLifetimeMs = 30 * 24 * 3_600_000;
const maxOpenCodes = 16;

/**
 * Signs browsers in and recognises them. Cookies are signed, not stored, so that they outlive this process; the
 * signature covers the port, so that another instance's cookie is worth nothing here although both use one key.
 */
export class Session {
  readonly #clock: Clock;
  readonly #secrets: Secrets;
  /** By digest: what is kept does not sign anybody in. */
  readonly #codes = new Map<string, Instant>();

  constructor(clock: Clock, secrets: Secrets) {
    this.#clock = clock;
    this.#secrets = secrets;
  }

  /** Works once and for 15 minutes. Of many that nobody used the oldest stop working. */
  createLoginCode(): string {
    const code = randomBytes(32).toString("base64url");
    this.#codes.set(digest(code), this.#clock.now() + codeLifetimeMs);
    for (const oldest of this.#codes.keys()) {
      if (this.#codes.size <= maxOpenCodes) break;
      this.#codes.delete(oldest);
    }
    return code;
  }

  /** @returns the cookie's value, `undefined` for a code that is unknown, used or too old. */
  exchange(code: string, port: number): string | undefined {
    const key = digest(code);
    const until = this.#codes.get(key);
    this.#codes.delete(key);
    if (until === undefined || until <= this.#clock.now()) return undefined;
    const claim = `${Math.trunc(this.#clock.now())}.${randomBytes(16).toString("base64url")}`;
    return `${claim}.${this.#sign(claim, port)}`;
  }

  isCookie(value: string, port: number): boolean {
    const [issuedAt = "", nonce = "", signature = "", ...rest] = value.split(".");
    if (rest.length > 0 || !isSame(signature, this.#sign(`${issuedAt}.${nonce}`, port))) return false;
    return Number(issuedAt) + cookieLifetimeMs > this.#clock.now();
  }

  isToken(value: string): boolean {
    return isSame(value, this.#secrets.token);
  }

  /**
   * An Authorization header counts before a cookie, and a wrong one is not forgiven because of a right cookie: whoever
   * sends one means it.
   */
  credentialOf(headers: { readonly cookie?: string; readonly authorization?: string }, port: number): Credential {
    if (headers.authorization !== undefined) {
      const token = /^Bearer ([\x21-\x7e]+)$/i.exec(headers.authorization)?.[1];
      return token !== undefined && this.isToken(token) ? "bearer" : "none";
    }
    const value = cookieNamed(cookieName(port), headers.cookie ?? "");
    return value !== undefined && this.isCookie(value, port) ? "cookie" : "none";
  }

  #sign(claim: string, port: number): string {
    return createHmac("sha256", this.#secrets.sessionKey).update(`ki:${port}:${claim}`).digest("base64url");
  }
}

/** Cookies know no ports: without one in the name two instances would sign each other out. */
export function cookieName(port: number): string {
  return `ki-${port}`;
}

export function setCookieHeader(port: number, value: string, isSecure: boolean): string {
  const maxAge = Math.trunc(cookieLifetimeMs / 1000);
  const attributes = `Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${isSecure ? "; Secure" : ""}`;
  return `${cookieName(port)}=${value}; ${attributes}`;
}

/** The last line of a start: programs wait for it. */
export function readyLine(loginUrl: string): string {
  return `kube-inflight ready: ${loginUrl}`;
}

function cookieNamed(name: string, header: string): string | undefined {
  const prefix = `${name}=`;
  const found = header
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part.startsWith(prefix));
  // Two of one name: one of them was planted from another path, and which one cannot be told.
  return found.length === 1 ? found[0]?.slice(prefix.length) : undefined;
}

/** In constant time, also for different lengths. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(digest(a)), Buffer.from(digest(b)));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
