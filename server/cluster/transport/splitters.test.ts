import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { DecodeError } from "#lib/informer/index.ts";
import { ListSplitter } from "./list-splitter.ts";
import { ValueSplitter } from "./value-splitter.ts";

/** Cuts of any length, also of none, and within characters. */
const anyCuts = fc.array(fc.nat({ max: 40 }), { maxLength: 60 });

const anyWhitespace = fc.constantFrom("", " ", "\n", "\r\n", "\t \n");

function cut(text: string, lengths: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const pieces: Buffer[] = [];
  let at = 0;
  for (const length of lengths) {
    pieces.push(bytes.subarray(at, at + length));
    at = Math.min(bytes.length, at + length);
  }
  return [...pieces, bytes.subarray(at)];
}

function valuesOf(pieces: readonly Buffer[]): unknown[] {
  const splitter = new ValueSplitter();
  const values: unknown[] = [];
  for (const piece of pieces) splitter.push(piece, values);
  splitter.end(values);
  return values;
}

interface WholeList {
  readonly items: readonly unknown[];
  readonly metadata: unknown;
}

function listOf(pieces: readonly Buffer[]): WholeList {
  const splitter = new ListSplitter();
  const items: unknown[] = [];
  let metadata: unknown;
  for (const piece of [...pieces.map((bytes) => () => splitter.push(bytes)), () => splitter.end()]) {
    const found = piece();
    items.push(...found.items);
    metadata = found.metadata ?? metadata;
  }
  return { items, metadata };
}

/** One byte a piece: every boundary there is. */
const everyByte = (text: string) =>
  cut(
    text,
    [...Buffer.from(text)].map(() => 1),
  );

const pod = (name: string, more: object = {}) => ({
  metadata: { name, labels: { "},{": '}\\",{"metadata":' } },
  ...more,
});

describe("ValueSplitter", () => {
  it("finds the values of any body, cut anywhere", () => {
    const bodies = fc.array(fc.tuple(fc.json({ maxDepth: 4 }), anyWhitespace), { maxLength: 8 });
    fc.assert(
      fc.property(bodies, anyCuts, (body, lengths) => {
        // Numbers and words need something between them, objects do not.
        const text = body.map(([json, space]) => json + (/[\]}"]$/.test(json) ? space : `${space}\n`)).join("");
        expect(valuesOf(cut(text, lengths))).toEqual(body.map(([json]) => JSON.parse(json)));
      }),
      { numRuns: 500 },
    );
  });

  it("finds the values of a body that is laid out over many lines", () => {
    const bodies = fc.array(fc.object({ maxDepth: 4, withNullPrototype: false }), { maxLength: 5 });
    fc.assert(
      fc.property(bodies, anyCuts, (body, lengths) => {
        const text = body.map((value) => JSON.stringify(value, null, 2)).join("");
        expect(valuesOf(cut(text, lengths))).toEqual(body.map((value) => JSON.parse(JSON.stringify(value))));
      }),
    );
  });

  it("hands a value over as soon as its last byte is there, without waiting for a line break", () => {
    const splitter = new ValueSplitter();
    const values: unknown[] = [];
    splitter.push(Buffer.from('{"a":{"b":1}'), values);
    expect(values).toEqual([]);
    splitter.push(Buffer.from("}"), values);
    expect(values).toEqual([{ a: { b: 1 } }]);
    splitter.push(Buffer.from('\n{"c":2}\n{"d'), values);
    expect(values).toEqual([{ a: { b: 1 } }, { c: 2 }]);
  });

  it("drops half a value at the end, wherever it is cut", () => {
    const whole = '{"a":1}\n';
    const half = '{"b":["x\\n\\u00e9é",{"c":-1.5e3,"d":true},null]}';
    for (let length = 0; length < Buffer.from(half).length; length++) {
      const bytes = Buffer.concat([Buffer.from(whole), Buffer.from(half).subarray(0, length)]);
      expect(valuesOf([bytes])).toEqual([{ a: 1 }]);
    }
  });

  it.each([
    "this is not JSON\n",
    "<html></html>\n",
    '{"a":1,}\n',
    '{"a" 1}\n',
    "{'a':1}\n",
    '{"a":tru}\n',
    '{"a":1]\n',
    '{"a":"\n"}\n',
    "}\n",
    "[1,,2]\n",
  ])("refuses %j, after the values before it", (garbage) => {
    for (const pieces of [[Buffer.from(`{"ok":1}\n${garbage}`)], everyByte(`{"ok":1}\n${garbage}`)]) {
      const splitter = new ValueSplitter();
      const values: unknown[] = [];
      expect(() => {
        for (const piece of pieces) splitter.push(piece, values);
        splitter.end(values);
      }).toThrow(DecodeError);
      expect(values).toEqual([{ ok: 1 }]);
    }
  });

  it("refuses garbage at the end of a line that does not end", () => {
    const splitter = new ValueSplitter();
    splitter.push(Buffer.from('{"a":nonsense, more'), []);
    expect(() => splitter.end([])).toThrow(DecodeError);
  });

  it("looks at each byte of a long value once, however many pieces it has", () => {
    const text = JSON.stringify({ a: "}".repeat(200_000) }, null, 1);
    const parse = vi.spyOn(JSON, "parse");
    const splitter = new ValueSplitter();
    const values: unknown[] = [];
    for (const piece of cut(
      text,
      Array.from({ length: 20_000 }, () => 10),
    ))
      splitter.push(piece, values);
    const parsed = parse.mock.calls.map(([part]) => part.length);
    parse.mockRestore();
    expect(values).toEqual([JSON.parse(text)]);
    expect(parsed.reduce((sum, length) => sum + length, 0)).toBeLessThan(2 * text.length);
  });
});

describe("a value that does not end", () => {
  const piece = Buffer.from("x".repeat(1000));
  it.each([
    ["of a watch", '{"type":"ADDED","object":{"a":"', () => new ValueSplitter(50_000)],
    ["of a list", '{"items":[{"a":"', () => new ListSplitter(50_000)],
    ["of a list, behind others", '{"items":[{"a":1},{"a":2},{"a":"', () => new ListSplitter(50_000)],
  ] as const)("%s is not held without bounds", (_, beginning, create) => {
    const splitter = create();
    let held = 0;
    const goOn = (): void => {
      splitter.push(Buffer.from(beginning), []);
      for (; held < 200_000; held += piece.length) splitter.push(piece, []);
    };
    expect(goOn).toThrow("one value of the body is larger than 50000 bytes");
    expect(held).toBeLessThan(60_000);
  });
});

describe("ListSplitter", () => {
  const anyItem = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.string().map((name) => pod(name)),
    // Items with items in them, which begin as items do.
    fc
      .tuple(fc.string(), fc.array(fc.string()))
      .map(([name, inner]) => pod(name, { spec: inner.map((one) => pod(one)) })),
  );

  it("finds items and metadata of any list, cut anywhere", () => {
    const lists = fc.record({
      items: fc.array(anyItem, { maxLength: 12 }),
      metadata: fc.record({ resourceVersion: fc.string(), continue: fc.string() }),
      order: fc.shuffledSubarray(["kind", "metadata", "items", "other"], { minLength: 4 }),
      indent: fc.constantFrom(undefined, 1, "\t"),
    });
    fc.assert(
      fc.property(lists, anyCuts, fc.json(), ({ items, metadata, order, indent }, lengths, other) => {
        const members = { kind: "PodList", items, metadata, other };
        const body = Object.fromEntries(order.map((key) => [key, members[key as keyof typeof members]]));
        const expected = JSON.parse(JSON.stringify({ items, metadata })) as WholeList;
        expect(listOf(cut(JSON.stringify(body, null, indent), lengths))).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("finds them at every boundary", () => {
    const items = [pod("a"), pod("é"), pod("c", { spec: [pod("inner"), pod("inner")] }), pod("𝄞")];
    const text = JSON.stringify({ metadata: { resourceVersion: "7" }, items });
    expect(listOf(everyByte(text))).toEqual({ items, metadata: { resourceVersion: "7" } });
    for (let at = 0; at <= Buffer.from(text).length; at++) expect(listOf(cut(text, [at])).items).toEqual(items);
  });

  it.each([
    ['{"items":null,"metadata":{"resourceVersion":"7"}}', [], { resourceVersion: "7" }],
    ['{"items":[],"metadata":{}}', [], {}],
    ["{}", [], undefined],
    [' {"kind":"PodList"} \n', [], undefined],
    [String.raw`{"\u0069tems":[{"a":1}]}`, [{ a: 1 }], undefined],
    ['{"metadata":{"items":[1]},"items":[{}]}', [{}], { items: [1] }],
  ])("reads %s", (text, items, metadata) => {
    for (const pieces of [[Buffer.from(text)], everyByte(text)]) expect(listOf(pieces)).toEqual({ items, metadata });
  });

  it.each([
    "this is not JSON",
    "[]",
    "null",
    "",
    '{"items":[{"a":1},',
    '{"items":[{"a":1}]',
    '{"items":[{"a":1}]}}',
    '{"items":{}}',
    '{"items":[{"a":1},]}',
    '{"items":[{"a":1} {"a":2}]}',
    '{"items":[{"a":1},{"a":x}]}',
    '{"items":[{"a":1},{"a":2},{"a":3}}',
    '{"metadata":{"a":1,}}',
  ])("refuses %j", (text) => {
    for (const pieces of [[Buffer.from(text)], everyByte(text)]) expect(() => listOf(pieces)).toThrow(DecodeError);
  });

  it("hands items over before the body is complete", () => {
    const splitter = new ListSplitter();
    const names: unknown[] = [];
    const text = JSON.stringify({ items: Array.from({ length: 100 }, (_, index) => pod(`p${index}`)) });
    for (const piece of cut(text, [1000])) {
      names.push(splitter.push(piece).items.length);
      if (names.length === 1) expect(names[0]).toBeGreaterThan(5);
    }
  });

  it("does not hold the whole body where the next item cannot be told by its beginning", () => {
    const items = Array.from({ length: 3000 }, (_, index) => ({ [index % 2 === 0 ? "a" : "b"]: "x".repeat(1000) }));
    const splitter = new ListSplitter();
    let seen = 0;
    let behind = 0;
    let sent = 0;
    for (const piece of cut(
      JSON.stringify({ items }),
      Array.from({ length: 200 }, () => 16_384),
    )) {
      seen += splitter.push(piece).items.length;
      sent += piece.length;
      behind = Math.max(behind, sent / 1009 - seen);
    }
    expect(seen + splitter.end().items.length).toBe(3000);
    expect(behind * 1009).toBeLessThan(2.5 * 1024 * 1024);
  });
});
