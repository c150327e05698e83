import { describe, expect, it } from "vitest";
import { isCharacters, keyCaps, keyName, outcomeOf, sequenceMs, type Pressed } from "./keys.model.ts";

const press = (key: string, held: Partial<Pressed> = {}): Pressed => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe("the name of a key press", () => {
  it.each([
    [press("a"), "a"],
    [press("A", { shiftKey: true }), "shift+a"],
    [press("?", { shiftKey: true }), "?"],
    [press(" "), "space"],
    [press(" ", { shiftKey: true }), "shift+space"],
    [press("Enter", { ctrlKey: true }), "mod+enter"],
    [press("k", { metaKey: true }), "mod+k"],
    [press("ArrowDown"), "arrowdown"],
    [press("l", { altKey: true }), undefined],
  ])("%o is %s", (pressed, name) => expect(keyName(pressed)).toBe(name));
});

describe("a sequence", () => {
  const bound = new Set(["g q", "g i", "i", "t"]);

  it("waits for its second key and fires with it", () => {
    const first = outcomeOf("g", bound, 1_000);
    expect(first).toEqual({ kind: "wait", waiting: { first: "g", until: 1_000 + sequenceMs } });
    if (first.kind !== "wait") throw new Error("did not wait");
    expect(outcomeOf("i", bound, 1_700, first.waiting)).toEqual({ kind: "fire", binding: "g i" });
  });

  it("is forgotten after its time, and the key stands alone", () => {
    expect(outcomeOf("i", bound, 1_801, { first: "g", until: 1_800 })).toEqual({ kind: "fire", binding: "i" });
    expect(outcomeOf("q", bound, 1_801, { first: "g", until: 1_800 })).toEqual({ kind: "ignore" });
  });

  it("lets a key through that does not belong to it", () => {
    expect(outcomeOf("t", bound, 1_100, { first: "g", until: 1_800 })).toEqual({ kind: "fire", binding: "t" });
  });
});

it("knows which bindings are single characters", () => {
  expect(["a", "g q", "?", "mod+k", "escape", "space"].filter(isCharacters)).toEqual(["a", "g q", "?"]);
});

it("shows a binding as key caps", () => {
  expect(keyCaps("g q")).toEqual(["G", "Q"]);
  expect(keyCaps("mod+enter")).toEqual(["Ctrl ↵"]);
  expect(keyCaps("mod+enter", true)).toEqual(["⌘↵"]);
  expect(keyCaps("shift+space")).toEqual(["⇧space"]);
});
