import { describe, expect, it } from "vitest";
import type { Cluster, ClusterList, KubeContext, Problem } from "#lib/protocol/index.ts";
import { contextRows, describeContext, headline, outcomeOf, rawError } from "./attach.model.ts";

const refused: Problem = {
  code: "refused",
  title: "Connection refused",
  message: "Nothing listens.",
  hint: "Is the VPN up?",
};

const aContext = (id: string, more: Partial<KubeContext> = {}): KubeContext => ({
  id,
  name: id,
  server: `https://${id}:6443`,
  user: "oncall",
  auth: "oidc",
  isCurrent: false,
  ...more,
});

const aCluster = (id: string, more: Partial<Cluster> = {}): Cluster => ({
  id,
  name: id,
  mode: "shadow",
  phase: "connected",
  server: "",
  ...more,
});

const aList = (contexts: readonly KubeContext[], clusters: readonly Cluster[] = []): ClusterList => ({
  server: { version: "0.1.0", isReadOnly: false, now: 0 },
  contexts: [...contexts],
  clusters: [...clusters],
});

describe("the contexts", () => {
  it("come with the current one first and each with its state", () => {
    const exec = { command: "aws eks get-token", hash: "abc", isApproved: false };
    const list = aList(
      [
        aContext("free"),
        aContext("down", { isCurrent: true }),
        aContext("eks", { exec }),
        aContext("eks-approved", { exec: { ...exec, isApproved: true } }),
        aContext("up"),
        aContext("slow"),
      ],
      [
        aCluster("down", { phase: "failed", problem: refused }),
        aCluster("up"),
        aCluster("slow", { phase: "starting" }),
      ],
    );
    expect(contextRows(list).map(({ context, state }) => [context.id, state.kind])).toEqual([
      ["down", "problem"],
      ["free", "free"],
      ["eks", "needsApproval"],
      ["eks-approved", "free"],
      ["up", "attached"],
      ["slow", "starting"],
    ]);
  });

  it("say where they lead and as whom", () => {
    expect(describeContext(aContext("prod"))).toBe("https://prod:6443, oidc oncall");
    expect(describeContext(aContext("prod", { auth: "", user: "" }))).toBe("https://prod:6443");
  });
});

describe("the headline", () => {
  const titleOf = (list: ClusterList) => headline(list, contextRows(list)).title;

  it("says whether any cluster answers", () => {
    expect(titleOf(aList([aContext("a", { problem: refused })]))).toBe("No cluster answers.");
    expect(titleOf(aList([aContext("a", { problem: refused }), aContext("b")]))).toBe("Attach a cluster.");
    expect(titleOf(aList([aContext("a")], [aCluster("a")]))).toBe("Attach a cluster.");
  });

  it("says what was looked for when there is no kubeconfig", () => {
    const kubeconfigProblem = {
      code: "none",
      title: "No kubeconfig",
      message: "No kubeconfig found. Looked for ~/.kube/config.",
      hint: "Use --kubeconfig.",
    };
    const list = { ...aList([]), kubeconfigProblem };
    expect(headline(list, [])).toEqual({
      title: "No kubeconfig found.",
      text: "Looked for ~/.kube/config. Use --kubeconfig.",
    });
  });
});

it("says what is wrong with a kubeconfig whose last good state is shown", () => {
  const kubeconfigProblem = {
    code: "kubeconfig-malformed",
    title: "Kubeconfig malformed",
    message: "~/.kube/config is not a kubeconfig: line 3. What it said before still counts.",
    hint: "Correct the file.",
  };
  const list = { ...aList([aContext("a")]), kubeconfigProblem };
  expect(headline(list, contextRows(list))).toEqual({
    title: "Kubeconfig malformed.",
    text: `${kubeconfigProblem.message} Correct the file.`,
  });
});

describe("a cluster that was asked for", () => {
  const outcomes = (more: Partial<Cluster>) => outcomeOf(aList([], [aCluster("prod", more)]), "prod");

  it("is opened once it answers, and stays on the page with its reason when it does not", () => {
    expect(outcomes({ phase: "starting" })).toEqual({ kind: "waiting" });
    expect(outcomes({ phase: "connected" })).toEqual({ kind: "open", id: "prod" });
    expect(outcomes({ phase: "failed", problem: refused })).toEqual({ kind: "failed" });
    expect(outcomeOf(aList([]), "prod")).toEqual({ kind: "waiting" });
    expect(outcomeOf(aList([]), undefined)).toBeUndefined();
  });
});

it("quotes a context for the shell in the raw error", () => {
  expect(rawError(aContext("it's mine"), refused)).toBe(
    "refused: Nothing listens.\nCheck with: kubectl --context 'it'\\''s mine' get --raw /readyz",
  );
});
