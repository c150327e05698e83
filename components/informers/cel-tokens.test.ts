import { describe, expect, it } from "vitest";
import { celTokens, type CelMark } from "./cel-tokens.model.ts";

const drawn = (source: string, mark?: CelMark) =>
  celTokens(source, mark).map(({ kind, text, isWrong }) => `${kind}${isWrong ? "!" : ""}:${text}`);

describe("an expression in pieces", () => {
  it("tells variables, calls and text apart", () => {
    expect(drawn('object.items.exists(c, c == "a")')).toEqual([
      "variable:object",
      "plain:.items.",
      "call:exists",
      "plain:(c, c == ",
      'text:"a"',
      "plain:)",
    ]);
  });

  it("is the source again when put together, whatever it is", () => {
    for (const source of ["", "a == 'open", 'x("\\"")', "object.a &&\n oldObject == null"])
      expect(
        celTokens(source, { line: 1, column: 2, length: 3 })
          .map(({ text }) => text)
          .join(""),
      ).toBe(source);
  });

  it("marks where the server found a mistake", () => {
    expect(drawn("object.a = 1", { line: 1, column: 10, length: 1 })).toEqual([
      "variable:object",
      "plain:.a ",
      "plain!:=",
      "plain: 1",
    ]);
    expect(drawn("a &&\n b c", { line: 2, column: 4, length: 1 })).toEqual(["plain:a &&\n b ", "plain!:c"]);
  });

  it("marks the last character when the mistake is that something is missing at the end", () => {
    expect(drawn("a &&", { line: 1, column: 5, length: 1 })).toEqual(["plain:a &", "plain!:&"]);
  });
});
