import { describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { Session, cookieName, readyLine, setCookieHeader } from "./session.ts";

const secrets = { sessionKey: Buffer.alloc(32, 1), token: "the-token" };
const port = 7474;
const minute = 60_000;

function aSession(options: { readonly sessionKey?: Buffer } = {}) {
  const clock = new FakeClock(1_000_000);
  return { clock, session: new Session(clock, { ...secrets, ...options }) };
}

function signIn(session: Session, at = port): string {
  const value = session.exchange(session.createLoginCode(), at);
  if (value === undefined) throw new Error("a fresh code must work");
  return value;
}

describe("login codes", () => {
  it("work once", () => {
    const { session } = aSession();
    const code = session.createLoginCode();
    expect(session.exchange(code, port)).toBeDefined();
    expect(session.exchange(code, port)).toBeUndefined();
  });

  it("expire after a quarter of an hour", async () => {
    const { clock, session } = aSession();
    const [early, late] = [session.createLoginCode(), session.createLoginCode()];
    await clock.advance(15 * minute - 1);
    expect(session.exchange(early, port)).toBeDefined();
    await clock.advance(1);
    expect(session.exchange(late, port)).toBeUndefined();
  });

  it("are not guessed, and none works of its own accord", () => {
    const { session } = aSession();
    expect(session.exchange("", port)).toBeUndefined();
    expect(session.createLoginCode()).toMatch(/^[\w-]{43}$/);
    expect(session.createLoginCode()).not.toBe(session.createLoginCode());
  });

  it("that nobody uses do not pile up: the oldest stop working", () => {
    const { session } = aSession();
    const codes = Array.from({ length: 17 }, () => session.createLoginCode());
    expect(session.exchange(codes[0] ?? "", port)).toBeUndefined();
    expect(session.exchange(codes[1] ?? "", port)).toBeDefined();
  });
});

describe("cookies", () => {
  it("outlive a restart, which keeps the key", () => {
    const value = signIn(aSession().session);
    expect(aSession().session.isCookie(value, port)).toBe(true);
  });

  it("are revoked with the key", () => {
    const value = signIn(aSession().session);
    expect(aSession({ sessionKey: Buffer.alloc(32, 2) }).session.isCookie(value, port)).toBe(false);
  });

  it("of another instance that uses the same key are worth nothing", () => {
    const { session } = aSession();
    expect(session.isCookie(signIn(session, 7475), port)).toBe(false);
  });

  it("expire after 30 days, whatever the browser does", async () => {
    const { clock, session } = aSession();
    const value = signIn(session);
    await clock.advance(30 * 24 * 60 * minute - 1);
    expect(session.isCookie(value, port)).toBe(true);
    await clock.advance(1);
    expect(session.isCookie(value, port)).toBe(false);
  });

  it.each([
    ["an empty one", () => ""],
    ["one with a later date", (value: string) => value.replace(/^\d+/, "9999999999999")],
    ["one with another nonce", (value: string) => value.replace(/\..*\./, ".AAAA.")],
    ["one without its signature", (value: string) => value.replace(/\.[^.]*$/, "")],
    ["one with something behind it", (value: string) => `${value}.x`],
  ])("do not pass when tampered with: %s", (_, tamper) => {
    const { session } = aSession();
    expect(session.isCookie(tamper(signIn(session)), port)).toBe(false);
  });

  it("are out of reach for scripts and for other sites", () => {
    expect(setCookieHeader(7474, "v", false)).toBe("ki-7474=v; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict");
    expect(setCookieHeader(7474, "v", true)).toMatch(/; Secure$/);
  });
});

describe("credentials", () => {
  const { session } = aSession();
  const value = signIn(session);
  const cookie = `theme=dark; ${cookieName(port)}=${value}`;

  it.each([
    ["a cookie", { cookie }, "cookie"],
    ["the token", { authorization: "Bearer the-token" }, "bearer"],
    ["the token by a scheme in small letters", { authorization: "bearer the-token" }, "bearer"],
    ["nothing", {}, "none"],
    ["another instance's cookie", { cookie: `${cookieName(7475)}=${value}` }, "none"],
    ["two cookies of the name, one of them planted", { cookie: `${cookie}; ${cookieName(port)}=x` }, "none"],
    ["a wrong token beside a right cookie", { cookie, authorization: "Bearer nope" }, "none"],
    ["the token as a password", { authorization: "Basic the-token" }, "none"],
    ["an empty token", { authorization: "Bearer " }, "none"],
  ])("%s", (_, headers, credential) => {
    expect(session.credentialOf(headers, port)).toBe(credential);
  });
});

it("the ready line is what programs wait for", () => {
  expect(readyLine("http://127.0.0.1:7474/login?code=a")).toBe(
    "kube-inflight ready: http://127.0.0.1:7474/login?code=a",
  );
});
