import { describe, expect, it } from "vitest";
import {
  apiStatusError,
  ConnectionError,
  describeError,
  isExpired,
  isRetriableByWaiting,
  isTooLargeResourceVersion,
  isTooManyRequests,
} from "./api-errors.ts";

const status = (code: number, reason: string, details?: unknown, message = "m") =>
  apiStatusError({ kind: "Status", code, reason, message, ...(details === undefined ? {} : { details }) }, code);

describe("I5 I12 what the server means", () => {
  it.each([
    ["410 Expired", status(410, "Expired"), true],
    ["410 Gone", status(410, "Gone"), true],
    ["410 in plain text", apiStatusError("gone", 410), true],
    ["410 with an unknown reason", status(410, "Whatever"), true],
    ["410 with another known reason", status(410, "NotFound"), false],
    ["500 Expired", status(500, "Expired"), true],
    ["404", status(404, "NotFound"), false],
    ["no answer", new ConnectionError("reset", "reset"), false],
  ])("expired: %s", (_what, error, expected) => expect(isExpired(error)).toBe(expected));

  it.each([
    ["by its cause", status(504, "Timeout", { causes: [{ reason: "ResourceVersionTooLarge" }] }), true],
    [
      "by the message of a cause",
      status(504, "Timeout", { causes: [{ message: "Too large resource version" }] }),
      true,
    ],
    ["by its message, with details", status(504, "Timeout", {}, "Too large resource version: 9, current: 3"), true],
    ["not without details", status(504, "Timeout", undefined, "Too large resource version: 9, current: 3"), false],
    ["not with another reason", status(500, "InternalError", {}, "Too large resource version"), false],
  ])("too large %s", (_what, error, expected) => expect(isTooLargeResourceVersion(error)).toBe(expected));

  it("throttled by code or by reason", () => {
    expect([status(429, "Other"), status(200, "TooManyRequests"), status(503, "x")].map(isTooManyRequests)).toEqual([
      true,
      true,
      false,
    ]);
    expect(isRetriableByWaiting(new ConnectionError("refused", "refused"))).toBe(true);
    expect(isRetriableByWaiting(new ConnectionError("reset", "reset"))).toBe(false);
  });

  it.each([
    [400, "BadRequest"],
    [403, "Forbidden"],
    [410, "Expired"],
    [502, "InternalError"],
    [504, "Timeout"],
    [418, ""],
  ])("an answer without a Status is judged by its code: %d is %s", (code, reason) => {
    expect(apiStatusError("<html>", code).reason).toBe(reason);
  });

  it("reads Retry-After only where it is an integer", () => {
    const seconds = ["3", "0", "Wed, 21 Oct 2015 07:28:00 GMT", "-1", null, undefined].map(
      (header) => apiStatusError("", 429, header).retryAfterSeconds,
    );
    expect(seconds).toEqual([3, 0, undefined, undefined, undefined, undefined]);
  });

  it("is told in one line", () => {
    expect(describeError(status(403, "Forbidden", undefined, "cannot list pods"))).toBe(
      "403 Forbidden cannot list pods",
    );
    expect(describeError(apiStatusError("", 502))).toBe("502 InternalError the server answered with status 502");
    expect(describeError(new ConnectionError("tls", "expired"))).toBe("connection tls: expired");
    expect([describeError(new Error("e")), describeError("text")]).toEqual(["e", "text"]);
  });
});
