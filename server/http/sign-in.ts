import type { Clock, Instant } from "#lib/clock/index.ts";
import { setCookieHeader, type Session } from "#server/session.ts";
import { usedLinkPage } from "./pages.ts";

export interface SignInOptions {
  readonly session: Session;
  readonly clock: Clock;
  /** Where a browser finds this server, `https://127.0.0.1:7474`. */
  readonly origin: string;
  readonly port: number;
  /** Tells the person at the terminal a fresh link. */
  readonly announce: (loginUrl: string) => void;
}

const announcementGapMs = 10_000;

/** `GET /login?code=…`: the code becomes a cookie, once. */
export class SignIn {
  readonly #options: SignInOptions;
  #announcedAt: Instant = Number.NEGATIVE_INFINITY;

  constructor(options: SignInOptions) {
    this.#options = options;
  }

  createLoginUrl(): string {
    return `${this.#options.origin}/login?code=${this.#options.session.createLoginCode()}`;
  }

  /** Somebody who asks with a link that does not work gets nothing here: the new one goes to the terminal. */
  answer({ url, headers }: Request): Response {
    const { session, port, origin } = this.#options;
    const cookie = headers.get("cookie");
    const code = new URL(url).searchParams.get("code");
    const isSignedIn = session.credentialOf(cookie === null ? {} : { cookie }, port) === "cookie";
    const value = code === null || isSignedIn ? undefined : session.exchange(code, port);
    if (value !== undefined) {
      const isSecure = origin.startsWith("https:");
      return redirect({ "Set-Cookie": setCookieHeader(port, value, isSecure) });
    }
    if (isSignedIn) return redirect({});
    this.#announce();
    return new Response(usedLinkPage, { status: 401, headers: { "Content-Type": "text/html; charset=utf-8" } });
  }

  #announce(): void {
    const now = this.#options.clock.now();
    if (now - this.#announcedAt < announcementGapMs) return;
    this.#announcedAt = now;
    this.#options.announce(this.createLoginUrl());
  }
}

function redirect(headers: Readonly<Record<string, string>>): Response {
  return new Response(null, { status: 303, headers: { Location: "/", ...headers } });
}
