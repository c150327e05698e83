import { describe, expect, it } from "vitest";
import { addHandlerRequest, type ApiResource, type InformerRow } from "#lib/protocol/index.ts";
import {
  effectOf,
  formProblems,
  matchesSearch,
  requestOf,
  resourceSections,
  withoutMissing,
  type HandlerForm,
} from "./add-handler.model.ts";

const form: HandlerForm = {
  kind: "diff",
  owner: "incident-42",
  namespace: "",
  labelSelector: "",
  resyncMs: 0,
  delayMs: 25,
  times: 1,
};

const pods: InformerRow = {
  key: "v1/pods",
  resource: "pods",
  groupVersion: "v1",
  reflector: { phase: "watching", openedAt: 0, limitMs: 300_000 },
  hasSynced: true,
  objects: 12_408,
  eventsPerSecond: 0,
  handlers: 8,
};

const aResource = (key: string, kind: string): ApiResource => ({
  key,
  kind,
  resource: key.slice(key.lastIndexOf("/") + 1),
  groupVersion: key.slice(0, key.lastIndexOf("/")),
  isNamespaced: true,
});

describe("the request", () => {
  it("leaves out what was not chosen", () => {
    expect(requestOf(form)).toEqual({ kind: "diff", owner: "incident-42", filter: {} });
  });

  it("is one that the server takes, with everything chosen", () => {
    const request = requestOf({
      ...form,
      kind: "slow",
      owner: " me ",
      namespace: " batch ",
      labelSelector: "app=a",
      resyncMs: 60_000,
      times: 3,
    });
    expect(addHandlerRequest.parse(request)).toEqual({
      kind: "slow",
      owner: "me",
      filter: { namespace: "batch", labelSelector: "app=a" },
      resyncMs: 60_000,
      delayMs: 25,
      times: 3,
    });
  });
});

it("says what is missing or wrong, field by field", () => {
  expect(formProblems(form, "v1/pods")).toEqual({});
  const wrong = { ...form, kind: "slow" as const, owner: " ", labelSelector: "a b", times: 21, delayMs: 0 };
  expect(Object.keys(formProblems(wrong, undefined))).toEqual([
    "resource",
    "owner",
    "labelSelector",
    "times",
    "delayMs",
  ]);
});

it("holds back what is only missing until somebody tries", () => {
  const problems = formProblems({ ...form, owner: "", labelSelector: "a b" }, undefined);
  expect(withoutMissing(problems)).toEqual({ labelSelector: "Not understood: a b" });
});

describe("the resources to choose from", () => {
  const resources = [
    aResource("v1/pods", "Pod"),
    aResource("v1/configmaps", "ConfigMap"),
    aResource("apps/v1/deployments", "Deployment"),
    aResource("kueue.x-k8s.io/v1beta2/workloads", "Workload"),
    aResource("karpenter.sh/v1/nodepools", "NodePool"),
  ];

  it("come in sections, those with a running informer once and first", () => {
    const sections = resourceSections(resources, [pods]);
    expect(sections.map(({ name, choices }) => [name, choices.map(({ key }) => key)])).toEqual([
      ["Core", ["v1/pods", "v1/configmaps"]],
      ["Kubernetes", ["apps/v1/deployments"]],
      ["Custom resources", ["kueue.x-k8s.io/v1beta2/workloads", "karpenter.sh/v1/nodepools"]],
    ]);
    expect(sections[0]?.choices.map(({ running }) => running?.handlers)).toEqual([8, undefined]);
  });

  it("are found by resource, group and kind", () => {
    const [workloads] = resourceSections(resources.slice(3, 4), []).flatMap(({ choices }) => choices);
    if (workloads === undefined) throw new Error("no choice");
    expect(["kueue", "WORKLOAD", "", "pods"].map((search) => matchesSearch(workloads, search))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});

describe("the effect", () => {
  const shared = {
    key: "v1/pods",
    resource: "pods",
    groupVersion: "v1",
    kind: "Pod",
    isNamespaced: true,
    running: pods,
  };

  it("is told before it happens: shared, filtered, or started anew", () => {
    expect(effectOf(form, shared)).toContain(
      "shares the running pods informer, replays 12,408 synthetic adds to this handler only",
    );
    expect(effectOf({ ...form, namespace: "batch" }, shared)).toContain(
      "those of its 12,408 objects that pass the filter",
    );
    expect(effectOf(form, { ...shared, running: undefined })).toContain("starts an informer for pods");
    expect(effectOf({ ...form, times: 3 }, shared)).toContain("You get 3 handles for one handler.");
  });
});
