/**
 * The same command on the embedded cluster and on a real kube-apiserver: what they answer has to be the same but for
 * times, uids and addresses.
 */
import { EmbeddedServer } from "#e2e/embedded-server.ts";
import { expect, test as base } from "./fixtures.ts";
import { comparedTables, deployment, everyKind, widgetDefinition } from "./every-kind.ts";
import { comparable, Kubectl, type Run } from "./kubectl.ts";

const namespace = "inflight-kubectl";

interface Clusters {
  readonly ours: Kubectl;
  readonly theirs: Kubectl;
}

const test = base.extend<object, { readonly clusters: Clusters }>({
  clusters: [
    async ({ controlPlane }, provide) => {
      const embedded = await EmbeddedServer.start("empty");
      const ours = new Kubectl(controlPlane.kubectl, embedded.kubeconfig);
      const theirs = new Kubectl(controlPlane.kubectl, controlPlane.kubeconfig);
      await provide({ ours, theirs });
      for (const kubectl of [ours, theirs]) kubectl.forgetEverything();
      await embedded.stop();
    },
    { scope: "worker" },
  ],
});

// Nobody needs a page, nor a server that is attached. No kube-scheduler: it would have a say about the pods.
test.use({ storageState: undefined, baseURL: undefined, hasScheduler: false });

/** Both at once. */
function both({ ours, theirs }: Clusters, args: readonly string[], input?: string): Promise<[Run, Run]> {
  return Promise.all([ours.run(args, input), theirs.run(args, input)]);
}

async function expectSame(clusters: Clusters, args: readonly string[], input?: string): Promise<Run> {
  const [ours, theirs] = await both(clusters, args, input);
  expect.soft(comparable(ours), `kubectl ${args.join(" ")}`).toBe(comparable(theirs));
  return ours;
}

function list(items: readonly unknown[]): string {
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}

function settings(data: Readonly<Record<string, string>>): string {
  return JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data });
}

const here = ["-n", namespace];

test.describe("kubectl beside a real kube-apiserver", () => {
  test("the same tables, fields and explanations", async ({ clusters, controlPlane }) => {
    test.skip(!controlPlane.isOurs, "what a given cluster has would be in the tables");
    await expectSame(clusters, ["create", "namespace", namespace]);
    await expectSame(clusters, ["apply", ...here, "-f", "-"], list(everyKind));
    for (const table of comparedTables) {
      // The service and the classes that every cluster has come from different hours.
      await expectSame(clusters, ["get", table, ...here, "-o", "wide"]);
    }
    await expectSame(clusters, ["apply", "-f", "-"], JSON.stringify(widgetDefinition));
    for (const kubectl of [clusters.ours, clusters.theirs]) {
      expect((await kubectl.run(["wait", "crd/widgets.example.com", "--for=condition=Established"])).code).toBe(0);
      // A real server describes it some moments after it serves it.
      await expect
        .poll(async () => (await kubectl.run(["explain", "widget.spec.size"])).text)
        .toContain("How large it is.");
    }
    await expectSame(clusters, ["explain", "widget.spec.size"]);
    for (const kind of [
      "pod",
      "deployment",
      "job",
      "node",
      "service",
      "configmap",
      "pvc",
      "lease",
      "pdb",
      "sc",
      "widget",
    ]) {
      const [ours, theirs] = await both(clusters, ["explain", kind, "--recursive"]);
      expect.soft(fieldsOf(ours), `kubectl explain ${kind}`).toEqual(fieldsOf(theirs));
    }
    await expectSame(clusters, ["explain", "pod.spec.nodeName"]);
  });

  test("the same answers to what is applied, changed and refused", async ({ clusters }) => {
    await both(clusters, ["create", "namespace", namespace]);
    const same = (args: readonly string[], input?: string) => expectSame(clusters, [...args, ...here], input);
    await same(["apply", "-f", "-"], deployment());
    await same(["apply", "-f", "-"], deployment());
    await same(["apply", "-f", "-"], deployment({ image: "none:2" }));
    await same(["apply", "-f", "-"], deployment({ name: "wrong", more: { imag: "none" } }));
    await same(["get", "deployment", "web", "-o", "jsonpath={.spec.template}"]);

    await same(["apply", "--server-side", "-f", "-"], settings({ a: "1", b: "1" }));
    await same(["apply", "--server-side", "-f", "-"], settings({ a: "1", b: "1" }));
    await same(["apply", "--server-side", "--field-manager=other", "-f", "-"], settings({ a: "2" }));
    await same(
      ["apply", "--server-side", "--field-manager=other", "--force-conflicts", "-f", "-"],
      settings({ a: "2" }),
    );
    await same(["apply", "--server-side", "-f", "-"], settings({ b: "1" }));
    await same(["apply", "--server-side", "-f", "-"], settings({ a: "3", b: "3" }));
    await same(["get", "configmap", "settings", "-o", "jsonpath={.data}{.metadata.managedFields[*].fieldsV1}"]);
    // What kubectl applied by itself it may take over; what somebody else applies it may not.
    await same(["apply", "--server-side", "--field-manager=other", "-f", "-"], deployment({ replicas: 2 }));
    await same(["apply", "--server-side", "-f", "-"], deployment({ image: "none:3" }));
    await same(["get", "deployment", "web", "-o", "jsonpath={.spec.template}"]);

    await same(["create", "configmap", "settings"]);
    await same(["get", "configmap", "nothing"]);
    await same(["get", "nothing"]);
    await same(["delete", "configmap", "nothing"]);
    await same(["create", "-f", "-"], '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"empty"},"spec":{}}');
    await same(["create", "service", "clusterip", "made", "--tcp=80:8080"]);
    await same(["create", "poddisruptionbudget", "made", "--selector=app=web", "--min-available=1"]);
    await same(["patch", "configmap", "settings", "--type=json", "-p", '[{"op":"remove","path":"/data/no"}]']);
    await same(["label", "configmap", "settings", "tier=gold"]);
    await same(["label", "configmap", "settings", "tier=iron"]);
    await same(["get", "configmap", "-l", "tier in (gold,silver)"]);
    await same(["get", "pods", "--field-selector", "nothing=1"]);
    await same(["scale", "deployment", "web", "--replicas=3", "--current-replicas=7"]);
    await same(["create", "configmap", "elsewhere", "--namespace", "nowhere"]);
    await same(["get", "--raw", "/nothing"]);
  });
});

/** Names and types. The library that describes our kinds to us leaves out which values there are. */
function fieldsOf({ text }: Run): readonly string[] {
  return text.split("\n").filter((line) => line.includes("\t<"));
}
