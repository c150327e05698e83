import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "#lib/kube/index.ts";
import { ChainBrokenError, ChainCheck } from "./chain-check.ts";

function pod(uid: string, version: string, name = uid): KubeObject {
  return { metadata: { namespace: "shop", name, uid, resourceVersion: version } };
}

function lost(object: KubeObject) {
  return { deletedFinalStateUnknown: true, key: "shop/a" as never, object } as const;
}

const [a1, a2, a3, b1] = [pod("a", "1"), pod("a", "2"), pod("a", "3"), pod("b", "1", "a")];

const sound: readonly { readonly is: string; readonly tell: (check: ChainCheck) => void; readonly left: number }[] = [
  { is: "an add", tell: (check) => check.onAdd(a1), left: 1 },
  {
    is: "add, updates, delete with a version of its own",
    tell: (check) => {
      check.onAdd(a1);
      check.onUpdate(a1, a2);
      check.onUpdate(a2, a2);
      // A list brought a copy of it that was not told.
      check.onUpdate(pod("a", "2"), a3);
      check.onDelete(pod("a", "4"));
    },
    left: 0,
  },
  {
    is: "a deletion that was inferred from a list",
    tell: (check) => {
      check.onAdd(a1);
      check.onDelete(lost(a1));
    },
    left: 0,
  },
  {
    is: "an object replaced under its name, told as one update",
    tell: (check) => {
      check.onAdd(a1);
      check.onUpdate(a1, b1);
      check.onUpdate(b1, b1);
    },
    left: 1,
  },
  {
    is: "deleted, and back with another uid",
    tell: (check) => {
      check.onAdd(a1);
      check.onDelete(a2);
      check.onAdd(b1);
    },
    left: 1,
  },
];

describe("a chain is whole", () => {
  it.each(sound)("$is", ({ tell, left }) => {
    const check = new ChainCheck();
    tell(check);
    expect(check.objects).toBe(left);
  });
});

const planted: readonly {
  readonly is: string;
  readonly before: (check: ChainCheck) => void;
  readonly breaks: (check: ChainCheck) => void;
  readonly says: string;
}[] = [
  {
    is: "an add of what is there",
    before: (check) => check.onAdd(a1),
    breaks: (check) => check.onAdd(a2),
    says: "was there as version 1",
  },
  {
    is: "an update of what was never added",
    before: () => {},
    breaks: (check) => check.onUpdate(a1, a2),
    says: "never added",
  },
  {
    is: "an update that leaves one out",
    before: (check) => check.onAdd(a1),
    breaks: (check) => check.onUpdate(a2, a3),
    says: "from version 2",
  },
  {
    is: "a second delete",
    before: (check) => {
      check.onAdd(a1);
      check.onDelete(a1);
    },
    breaks: (check) => check.onDelete(a1),
    says: "deleted before",
  },
  {
    is: "a loss in another version than was told",
    before: (check) => check.onAdd(a1),
    breaks: (check) => check.onDelete(lost(a2)),
    says: "lost as version 2",
  },
  {
    is: "a replacement that is there already",
    before: (check) => {
      check.onAdd(a1);
      check.onAdd(b1);
    },
    breaks: (check) => check.onUpdate(a1, b1),
    says: "was there already",
  },
];

describe("a chain is broken by", () => {
  it.each(planted)("$is", ({ before, breaks, says }) => {
    const check = new ChainCheck();
    before(check);
    expect(() => breaks(check)).toThrow(ChainBrokenError);
    const again = new ChainCheck();
    before(again);
    expect(() => breaks(again)).toThrow(says);
  });

  it("what was told, and goes on from it", () => {
    const check = new ChainCheck();
    expect(() => check.onUpdate(a1, a2)).toThrow(ChainBrokenError);
    check.onUpdate(a2, a3);
    check.onDelete(a3);
    expect([check.objects, check.digest]).toEqual([0, "0000000000000000"]);
  });
});

describe("the digest", () => {
  it("is that of what is there, however it came to be there", () => {
    const entry = fc.record({ uid: fc.uuid(), versions: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }) });
    const entries = fc.uniqueArray(entry, { selector: ({ uid }) => uid, maxLength: 20 });
    fc.assert(
      fc.property(entries, (objects) => {
        const [changed, listed] = [new ChainCheck(), new ChainCheck()];
        for (const { uid, versions } of objects) {
          const states = versions.map((version) => pod(uid, String(version)));
          for (const [index, state] of states.entries()) {
            const before = states[index - 1];
            if (before === undefined) changed.onAdd(state);
            else changed.onUpdate(before, state);
          }
        }
        for (const { uid, versions } of objects.toReversed()) listed.onAdd(pod(uid, String(versions.at(-1))));
        expect([changed.objects, changed.digest]).toEqual([listed.objects, listed.digest]);
      }),
    );
  });

  it("differs with a version and with a uid", () => {
    const digestOf = (object: KubeObject): string => {
      const check = new ChainCheck();
      check.onAdd(object);
      return check.digest;
    };
    expect(new Set([a1, a2, b1].map(digestOf)).size).toBe(3);
    expect(digestOf(a1)).toBe("042a5f2e7634c4c8");
  });
});
