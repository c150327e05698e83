import { describe, expect, it } from "vitest";
import { aNode, aPod } from "#lib/kube/testing/builders.ts";
import { ClusterCache } from "./cluster-cache.ts";
import {
  defaultConfiguration,
  defaultProfileConfiguration,
  NotAConfigurationError,
  readConfiguration,
} from "./configuration.ts";
import { attempt } from "./cycle.ts";
import { profileOf, queueingHintMap } from "./profile.ts";
import { modelOf } from "./versions.ts";

const kind = "KubeSchedulerConfiguration";

function profile(members: object) {
  const { profiles, problems } = readConfiguration({ kind, profiles: [members] });
  const [first] = profiles;
  if (first === undefined) throw new Error("expected a profile");
  return { ...first, problems };
}

const names = (...plugins: string[]) => plugins.map((name) => ({ name }));

describe("a KubeSchedulerConfiguration", () => {
  it("C1 that says nothing is that of kube-scheduler's defaults", () => {
    expect(readConfiguration({ kind })).toEqual(defaultConfiguration);
    expect(readConfiguration({ kind, profiles: [{}] })).toEqual(defaultConfiguration);
  });

  it("C1 names its profiles, and how long pods back off", () => {
    const read = readConfiguration({
      kind,
      podInitialBackoffSeconds: 2,
      podMaxBackoffSeconds: 0,
      profiles: [{ schedulerName: "default-scheduler" }, { schedulerName: "batch" }],
    });
    expect(read).toMatchObject({ podInitialBackoffMs: 2_000, podMaxBackoffMs: 0 });
    expect(read.profiles.map(({ schedulerName }) => schedulerName)).toEqual(["default-scheduler", "batch"]);
  });

  it("C2 switches plugins off at Filter, or everywhere", () => {
    const here = profile({ plugins: { filter: { disabled: names("NodeResourcesFit") } } });
    expect(here.disabled).toEqual(["NodeResourcesFit"]);
    expect(here.filterPlugins).toHaveLength(defaultProfileConfiguration.filterPlugins.length - 1);
    const everywhere = profile({ plugins: { multiPoint: { disabled: names("DynamicResources", "SchedulingGates") } } });
    expect(everywhere.disabled).toEqual(["DynamicResources", "SchedulingGates"]);
    expect(everywhere.gatingPlugins).toEqual(["DefaultPreemption"]);
  });

  it("C2 leaves only what is switched on again after everything was switched off", () => {
    const { filterPlugins, gatingPlugins } = profile({
      plugins: { multiPoint: { disabled: names("*"), enabled: names("NodePorts", "NodeName", "PrioritySort") } },
    });
    expect([filterPlugins, gatingPlugins]).toEqual([["NodePorts", "NodeName"], []]);
  });

  it("C2 puts in front what Filter itself puts in order", () => {
    const { filterPlugins } = profile({ plugins: { filter: { enabled: names("NodePorts", "NodeName") } } });
    expect(filterPlugins.slice(0, 3)).toEqual(["NodePorts", "NodeName", "NodeUnschedulable"]);
    expect(new Set(filterPlugins)).toEqual(new Set(defaultProfileConfiguration.filterPlugins));
  });

  it("C3 names what it does not know, and leaves alone what only scores", () => {
    const { unknown, filterPlugins } = profile({
      plugins: {
        multiPoint: { enabled: names("Coscheduling", "NodeResourcesBalancedAllocation") },
        filter: { enabled: names("NodeMetadata") },
        score: { enabled: names("Trimaran") },
      },
    });
    expect(unknown).toEqual(["Coscheduling", "NodeMetadata"]);
    expect(filterPlugins).toEqual(defaultProfileConfiguration.filterPlugins);
  });

  it("C3 says which arguments and extenders are not modelled", () => {
    const { problems } = readConfiguration({
      kind,
      extenders: [{ urlPrefix: "http://extender" }],
      profiles: [
        {
          plugins: { preFilter: { disabled: names("NodePorts") } },
          pluginConfig: [
            { name: "PodTopologySpread", args: { defaultConstraints: [{ maxSkew: 1 }], defaultingType: "List" } },
            { name: "NodeResourcesFit", args: { ignoredResources: ["example.com/x"], ignoredResourceGroups: ["e"] } },
            { name: "InterPodAffinity", args: { hardPodAffinityWeight: 5 } },
          ],
        },
      ],
    });
    expect(problems).toEqual([
      "http://extender can reject pods as well: extenders are not modelled",
      "NodePorts is switched off in PreFilter only, in profile default-scheduler: it is modelled whole",
      "PodTopologySpread is given default constraints in profile default-scheduler: not modelled",
      "NodeResourcesFit is given ignored resources in profile default-scheduler: not modelled",
      "NodeResourcesFit is given ignored resource groups in profile default-scheduler: not modelled",
    ]);
  });

  it("C4 is read as /configz writes it, with capital letters and the defaults filled in", () => {
    const everything = [...defaultProfileConfiguration.filterPlugins, "SchedulingGates", "DefaultPreemption"];
    const asEnabled = everything.map((name) => ({ Name: name, Weight: 0 }));
    const read = readConfiguration({
      Parallelism: 16,
      PodInitialBackoffSeconds: 1,
      PodMaxBackoffSeconds: 10,
      Extenders: null,
      Profiles: [
        {
          SchedulerName: "default-scheduler",
          Plugins: {
            Filter: { Enabled: null, Disabled: [{ Name: "NodePorts" }] },
            MultiPoint: { Enabled: asEnabled, Disabled: null },
          },
          PluginConfig: [{ Name: "NodeAffinity", Args: { AddedAffinity: null } }],
        },
      ],
    });
    expect(read.profiles[0]).toEqual({
      ...defaultProfileConfiguration,
      filterPlugins: defaultProfileConfiguration.filterPlugins.filter((name) => name !== "NodePorts"),
      disabled: ["NodePorts"],
    });
    expect(read.problems).toEqual([]);
  });

  it.each([undefined, null, "text", [], {}, { kind: "Pod" }, { apiVersion: "v1" }])("is not %j", (value) => {
    expect(() => readConfiguration(value)).toThrow(NotAConfigurationError);
  });
});

describe("a profile that is configured", () => {
  const cache = new ClusterCache();
  cache.addNode(aNode("n1"));
  cache.addNode({ ...aNode("n2"), metadata: { name: "n2", uid: "uid-n2", labels: { pool: "web" } } });
  const tried = (members: object, pod = aPod("a")) => {
    const result = attempt(pod, {
      profile: profileOf(cache, profile(members)),
      snapshot: cache,
      nominatedPods: () => [],
    });
    return result.kind === "fits"
      ? result.feasible.map(({ name }) => name)
      : result.kind === "unschedulable"
        ? result.message
        : result.kind;
  };

  it("C2 does not ask what is switched off, and its events are nobody's", () => {
    const off = { plugins: { multiPoint: { disabled: names("NodeResourcesFit") } } };
    const wide = aPod("wide", { requests: { cpu: "64" } });
    expect(tried({}, wide)).toBe("0/2 nodes are available: 2 Insufficient cpu.");
    expect(tried(off, wide)).toEqual(["n1", "n2"]);
    const registered = queueingHintMap([profileOf(cache, profile(off))]).get("default-scheduler") ?? [];
    expect(registered.some(({ plugin }) => plugin === "NodeResourcesFit")).toBe(false);
  });

  it("C5 holds every pod to the added affinity, in upstream's words", () => {
    const term = { matchExpressions: [{ key: "pool", operator: "In", values: ["web"] }] };
    const addedAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } };
    const added = { pluginConfig: [{ name: "NodeAffinity", args: { addedAffinity } }] };
    expect(tried(added)).toEqual(["n2"]);
    const none = { ...addedAffinity.requiredDuringSchedulingIgnoredDuringExecution, nodeSelectorTerms: [] };
    const nowhere = {
      pluginConfig: [
        { name: "NodeAffinity", args: { addedAffinity: { requiredDuringSchedulingIgnoredDuringExecution: none } } },
      ],
    };
    expect(tried(nowhere)).toBe("0/2 nodes are available: 2 node(s) didn't match scheduler-enforced node affinity.");
  });
});

describe("the version of the cluster", () => {
  it.each(["v1.33.0", "v1.34.2-gke.100", "v1.35.0+k3s1", "v1.36.3", "1.36"])("%s is modelled", (version) => {
    expect(modelOf(version)).toEqual({ isModelled: true });
  });

  it.each([
    ["v1.32.9", "Kubernetes 1.32"],
    ["v1.37.0", "Kubernetes 1.37"],
    ["v2.35.0", "Kubernetes 2.35"],
    ["nightly", "A version that is not known"],
    [undefined, "A version that is not known"],
  ])("%s is not, and what that means is said", (version, beginning) => {
    const { isModelled, notModelled } = modelOf(version);
    expect([isModelled, notModelled]).toEqual([
      false,
      expect.stringMatching(`^${beginning} is not modelled: .*1\\.36`),
    ]);
  });
});
