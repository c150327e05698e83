import { describe, expect, it } from "vitest";
import { addHandlerRequest, type ApiResource, type InformerRow } from "#lib/protocol/index.ts";
import {
  formProblems,
  matchesSearch,
  previewRequestOf,
  problemsOfServer,
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
  fieldSelector: "",
  cel: "",
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
      fieldSelector: " status.phase=Running ",
      cel: " true ",
      resyncMs: 60_000,
      times: 3,
    });
    expect(addHandlerRequest.parse(request)).toEqual({
      kind: "slow",
      owner: "me",
      filter: {
        namespace: "batch",
        labelSelector: "app=a",
        fieldSelector: "status.phase=Running",
        cel: "true",
      },
      resyncMs: 60_000,
      delayMs: 25,
      times: 3,
    });
  });
});

it("is previewed without what does not change the effect", () => {
  expect(previewRequestOf({ ...form, namespace: "batch", owner: "" })).toEqual({ filter: { namespace: "batch" } });
});

it("takes the server's word for what is wrong", () => {
  expect(problemsOfServer([{ field: "cel", code: "syntax", message: "unexpected &&" }])).toEqual({
    cel: "unexpected &&",
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
