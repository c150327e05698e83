import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { actionLabel, actionType } from "./cluster-event.ts";
import type { Node, Pod } from "./objects.ts";
import { nodeChanges, podChanges } from "./pod-changes.ts";
import { aPod } from "./testing/builders.ts";

type Recorded = { readonly name: string; readonly expect: readonly { readonly action: string }[] } & (
  | { readonly kind: "Pod"; readonly oldObj: Pod; readonly newObj: Pod }
  | { readonly kind: "Node"; readonly oldObj: Node; readonly newObj: Node }
);

const packed = readFileSync(new URL("../scheduler/testdata/events-diff.json.gz", import.meta.url));
const recorded = JSON.parse(gunzipSync(packed).toString()) as readonly Recorded[];

describe("what an update means, as kube-scheduler 1.36.3 said it", () => {
  test.each(recorded)("$name", (update) => {
    const changes =
      update.kind === "Pod" ? podChanges(update.oldObj, update.newObj) : nodeChanges(update.oldObj, update.newObj);
    expect(changes.map(actionLabel)).toEqual(update.expect.map(({ action }) => action));
  });
});

test("claims are no kind of change while dynamic resource allocation is off", () => {
  const old = aPod("p");
  const updated = aPod("p", { status: { resourceClaimStatuses: [{ name: "gpu", resourceClaimName: "p-gpu" }] } });
  expect(podChanges(old, updated)).toEqual([actionType.UpdatePodGeneratedResourceClaim]);
  expect(podChanges(old, updated, { DynamicResourceAllocation: false })).toEqual([actionType.Update]);
});
