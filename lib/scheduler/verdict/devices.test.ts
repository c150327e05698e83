import { describe, expect, test } from "vitest";
import type { Pod, ResourceClaim, ResourceSlice, SliceDevice } from "#lib/kube/index.ts";
import { aNode, aPod } from "#lib/kube/testing/builders.ts";
import type { SelectorCompiler } from "../devices/index.ts";
import { TestCluster } from "../testing/test-cluster.ts";
import { causeOf } from "./cause.ts";
import { deviceFactsOf } from "./device-facts.ts";
import { Evaluation } from "./evaluation.ts";
import { nearMissesOf } from "./near-misses.ts";

/** Selects by the name of the attribute that stands for the expression. */
const compileSelector: SelectorCompiler = (expression) => (device) =>
  expression === "strange"
    ? { kind: "unknown", reason: "not supported" }
    : { kind: "answer", isMatch: expression in device.attributes };

const gpu = "gpu.example.com";
const slice = (node: string, devices: readonly SliceDevice[]): ResourceSlice => ({
  metadata: { name: `slice-${node}` },
  spec: { driver: gpu, pool: { name: node, generation: 1, resourceSliceCount: 1 }, nodeName: node, devices },
});
const wanting = (exactly: object, more: object = {}): ResourceClaim => ({
  metadata: { name: "mine", namespace: "default", uid: "claim-mine" },
  spec: { devices: { requests: [{ name: "r", exactly: { deviceClassName: gpu, ...exactly } }], ...more } },
});
const having = (name: string, device: string, users: readonly Pod[] = []): ResourceClaim => ({
  metadata: { name, namespace: "default", uid: `claim-${name}` },
  status: {
    allocation: { devices: { results: [{ request: "r", driver: gpu, pool: "a", device }] } },
    reservedFor: users.map(({ metadata }) => ({
      resource: "pods",
      name: metadata.name ?? "",
      uid: metadata.uid ?? "",
    })),
  },
});
const user = aPod("train", { on: "a" });
const important = aPod("serve", { on: "a", priority: 100 });

interface Situation {
  readonly devices?: readonly SliceDevice[];
  readonly claims: readonly ResourceClaim[];
  readonly pod?: { readonly spec: object };
}

function explain({ devices = [], claims, pod }: Situation) {
  const { cache, profile } = new TestCluster(
    {
      nodes: [aNode("a"), aNode("b")],
      pods: [user, important],
      deviceClasses: [{ metadata: { name: gpu } }],
      resourceClaims: claims,
      resourceSlices: [slice("a", devices)],
    },
    { compileSelector },
  );
  const evaluation = new Evaluation(
    aPod("p", { spec: { ...pod?.spec, resourceClaims: [{ name: "c", resourceClaimName: "mine" }] } }),
  );
  const options = { profile, snapshot: cache, nominatedPods: () => [] };
  for (const _ of evaluation.update(options, 0));
  const nearMisses = nearMissesOf(evaluation, options);
  const { code, row, headline = row } = causeOf(evaluation, nearMisses, cache) ?? { code: undefined, row: [] };
  const offers = nearMisses.map(({ kind, title, changeFor }) => [kind, title, changeFor(evaluation.pod).command]);
  return {
    code,
    headline: headline.map((part) => (typeof part === "string" ? part : "")).join(""),
    offers,
    facts: deviceFactsOf(evaluation),
  };
}

const two = [{ name: "d0" }, { name: "d1" }];
const waiting = "Waiting for devices: claim mine has no free gpu.example.com.";

describe("a pod whose claim nobody can serve", () => {
  test.each<{ title: string; situation: Situation; detail: string; offers?: readonly (readonly string[])[] }>([
    {
      title: "without any device",
      situation: { claims: [wanting({})] },
      detail: "No node that it may use has devices.",
    },
    {
      title: "none selected",
      situation: { devices: two, claims: [wanting({ selectors: [{ cel: { expression: "fast" } }] })] },
      detail: "Of 2 devices on nodes that it may use none is selected: 2 are excluded by fast.",
    },
    {
      title: "all taken: the least important user leaves",
      situation: { devices: two, claims: [wanting({}), having("a", "d0", [important]), having("b", "d1", [user])] },
      detail: "2 of 2 devices on nodes that it may use are selected, 2 taken by default/serve, default/train.",
      offers: [["device", "Delete default/train", "kubectl -n default delete pod train"]],
    },
    {
      title: "taken by a claim that nobody uses: it goes",
      situation: { devices: two, claims: [wanting({}), having("a", "d0"), having("b", "d1", [user])] },
      detail: "2 of 2 devices on nodes that it may use are selected, 2 taken by default/claim a, default/train.",
      offers: [["device", "Delete claim default/a", "kubectl -n default delete resourceclaim a"]],
    },
    {
      title: "taken by a claim that two pods use: nobody alone can free it",
      situation: { devices: [{ name: "d0" }], claims: [wanting({}), having("a", "d0", [user, important])] },
      detail: "1 of 1 device on nodes that it may use is selected, 1 taken by default/serve, default/train.",
    },
    {
      title: "two users would have to leave",
      situation: { devices: two, claims: [wanting({ count: 2 }), having("a", "d0", [user]), having("b", "d1")] },
      detail: "2 of 2 devices on nodes that it may use are selected, 2 taken by default/claim b, default/train.",
    },
    {
      title: "tainted",
      situation: {
        devices: [{ name: "d0", taints: [{ key: "broken", value: "yes", effect: "NoSchedule" }] }],
        claims: [wanting({})],
      },
      detail: "1 of 1 device on nodes that it may use is selected, 1 tainted broken=yes:NoSchedule.",
    },
    {
      title: "too few on one node",
      situation: { devices: two, claims: [wanting({ count: 3 })] },
      detail: "2 of 2 devices on nodes that it may use are selected, at most 2 free on one node, where 3 are wanted.",
    },
    {
      title: "too small",
      situation: {
        devices: [{ name: "d0", capacity: { memory: { value: "8Gi" } } }],
        claims: [wanting({ capacity: { requests: { memory: "9Gi" } } })],
      },
      detail: "1 of 1 device on nodes that it may use is selected, 1 too small.",
    },
    {
      title: "free, and not the same",
      situation: {
        devices: [
          { name: "d0", attributes: { numa: { int: 0 } } },
          { name: "d1", attributes: { numa: { int: 1 } } },
        ],
        claims: [wanting({ count: 2 }, { constraints: [{ matchAttribute: `${gpu}/numa` }] })],
      },
      detail:
        "2 of 2 devices on nodes that it may use are selected, 2 free, but not together with all else that is wanted.",
    },
  ])("$title", ({ situation, detail, offers = [] }) => {
    const { code, headline, offers: offered } = explain(situation);
    expect([code, headline]).toEqual(["device-wait", `${waiting} ${detail}`]);
    expect(offered).toEqual(offers);
  });

  test("node by node it is told what there is and who has it", () => {
    const { facts } = explain({
      devices: two,
      claims: [wanting({}), having("a", "d0", [important]), having("b", "d1")],
    });
    expect(facts).toEqual([
      {
        title: "Devices for mine, request r",
        detail: "1 wanted of class gpu.example.com. a: 2 of 2 selected, 2 taken by default/claim b, default/serve.",
      },
    ]);
  });

  test("A3 an error where another plugin rejects before does not count", () => {
    const strange = wanting({ selectors: [{ cel: { expression: "strange" } }] });
    const elsewhere = { spec: { nodeSelector: { "kubernetes.io/hostname": "b" } } };
    expect(explain({ devices: two, claims: [strange], pod: elsewhere }).code).toBe("device-wait");
  });

  test("A12 an expression that is not understood is named", () => {
    const { code, headline } = explain({
      devices: two,
      claims: [wanting({ selectors: [{ cel: { expression: "strange" } }] })],
    });
    expect(code).toBe("unknown");
    expect(headline).toBe(
      'Cannot tell: running "DynamicResources" filter plugin: what the selector strange of claim default/mine says of a device: not supported.',
    );
  });

  test("V12 a search that leads nowhere ends", () => {
    const devices = Array.from({ length: 30 }, (_, index) => ({
      name: `d${index}`,
      attributes: { numa: { int: index } },
    }));
    const constraints = [{ distinctAttribute: `${gpu}/numa` }];
    const claim = wanting({ count: 15 }, { constraints });
    const second = { name: "s", exactly: { deviceClassName: gpu, count: 16 } };
    const { code, headline } = explain({
      devices,
      claims: [
        {
          ...claim,
          spec: { devices: { ...claim.spec?.devices, requests: [...(claim.spec?.devices?.requests ?? []), second] } },
        },
      ],
    });
    expect([code, headline]).toEqual([
      "unknown",
      'Cannot tell: running "DynamicResources" filter plugin: there are too many ways to allocate its devices.',
    ]);
  });
});
