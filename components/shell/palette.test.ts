import { describe, expect, it } from "vitest";
import { findItems, isCommand, parseQuery, stretchesOf, type PaletteGroup, type PaletteItem } from "./palette.model.ts";

const anItem = (group: PaletteGroup, text: string): PaletteItem => ({
  id: `${group} ${text}`,
  group,
  text,
  action: { kind: "open", href: "/" },
});

const items = [
  anItem("Go to", "Queue"),
  anItem("Run", "Add handler"),
  anItem("Run", "Light or dark"),
  anItem("Pods", "search/rerank-batch-0"),
  anItem("Pods", "ml-serving/ranker-6f7c9"),
  anItem("Pods", "rank/other"),
  anItem("Informers", "pods v1"),
  anItem("Event list", "#8143 NodeAdd node-4"),
];

const found = (typed: string) =>
  findItems(items, parseQuery(typed)).map(({ group, items: inGroup }) => [group, ...inGroup.map(({ text }) => text)]);

describe("what is found", () => {
  it("is every group in its order, the best match of each first", () => {
    expect(found("rank")).toEqual([["Pods", "rank/other", "ml-serving/ranker-6f7c9", "search/rerank-batch-0"]]);
  });

  it("has every word that was typed", () => {
    expect(found("serving RANK")).toEqual([["Pods", "ml-serving/ranker-6f7c9"]]);
    expect(found("serving queue")).toEqual([]);
  });

  it("is pages and commands while nothing is typed, for pods and informers are too many", () => {
    expect(found(" ")).toEqual([
      ["Run", "Add handler", "Light or dark"],
      ["Go to", "Queue"],
    ]);
  });

  it("is commands only after >", () => {
    expect(found("> ran")).toEqual([]);
    expect(found(">dark")).toEqual([["Run", "Light or dark"]]);
  });

  it("is events only after #, the thousands separated or not", () => {
    expect(found("#8,143")).toEqual([["Event list", "#8143 NodeAdd node-4"]]);
    expect(found("8143")).toEqual([]);
  });

  it("is what the server found, wherever it did", () => {
    const byVerdict = { ...anItem("Pods", "a/b"), isFound: true };
    expect(findItems([byVerdict], parseQuery("verdict:no-fit"))).toEqual([{ group: "Pods", items: [byVerdict] }]);
  });

  it("is six of a group at most", () => {
    const many = Array.from({ length: 9 }, (_, index) => anItem("Pods", `a/web-${index}`));
    expect(findItems(many, parseQuery("web"))[0]?.items).toHaveLength(6);
  });
});

it("marks what was typed where it occurs first", () => {
  const marked = (text: string, typed: string) =>
    stretchesOf(text, parseQuery(typed))
      .map(({ text: part, isMatch }) => (isMatch ? `[${part}]` : part))
      .join("");
  expect(marked("ml-serving/ranker", "RANK serv")).toBe("ml-[serv]ing/[rank]er");
  expect(marked("Queue", "")).toBe("Queue");
  expect(marked("", "a")).toBe("");
});

it("offers what does something, not what moves about", () => {
  expect(["t", "space", "g q", "j", "escape", "mod+k"].filter((keys) => isCommand({ keys }))).toEqual([
    "t",
    "space",
    "g q",
  ]);
});
