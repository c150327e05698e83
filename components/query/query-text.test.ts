import { describe, expect, it } from "vitest";
import { tokensOf, withoutToken, withToken } from "./query-text.model.ts";

describe("the query as tokens", () => {
  it("takes one more, once", () => {
    expect(withToken("age>5m", " plugin:Volume* ")).toBe("age>5m plugin:Volume*");
    expect(withToken("age>5m", "age>5m")).toBe("age>5m");
    expect(withToken("", "  ")).toBe("");
  });

  it("gives up any of them, and keeps quoted ones whole", () => {
    const query = 'label:"app=web front" ns:shop indexer';
    expect(tokensOf(query)).toEqual(['label:"app=web front"', "ns:shop", "indexer"]);
    expect(withoutToken(query, "ns:shop")).toBe('label:"app=web front" indexer');
  });
});
