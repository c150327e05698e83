import { describe, expect, it } from "vitest";
import { readProtobuf } from "./protobuf.ts";

/** One member with its length in front. */
function member(number: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
}

function envelope(kind: string, ...members: readonly Buffer[]): Buffer {
  const type = Buffer.concat([member(1, "v1"), member(2, kind)]);
  return Buffer.concat([Buffer.from("k8s\0"), member(1, type), member(2, Buffer.concat(members))]);
}

const label = Buffer.concat([member(1, "app"), member(2, "web")]);
const metadata = member(1, Buffer.concat([member(1, "shop"), member(2, ""), member(11, label)]));

describe("a body of protobuf", () => {
  it("is read for a kind that kubectl makes up by itself, without what Go leaves empty", () => {
    const status = member(3, member(1, ""));
    expect(readProtobuf(envelope("Namespace", metadata, member(2, ""), status))).toEqual({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "shop", labels: { app: "web" } },
    });
  });

  it("keeps a zero that says something", () => {
    const value = Buffer.from([(2 << 3) | 0, 0]);
    expect(readProtobuf(envelope("PriorityClass", metadata, value))).toMatchObject({ value: 0 });
  });

  it.each([
    ["another kind", envelope("Secret", metadata)],
    ["a member that is not modelled", envelope("ServiceAccount", metadata, member(2, "x"))],
    ["no envelope", Buffer.from("k8s")],
    ["a body that is cut off", envelope("Namespace", metadata).subarray(0, 20)],
    ["an endless number", Buffer.concat([Buffer.from("k8s\0"), Buffer.alloc(20, 255)])],
  ])("is refused whole for %s", (_, body) => {
    expect(readProtobuf(body)).toBeUndefined();
  });
});
