/** kubectl on the embedded cluster and its controllers: what a beginner does, from the first pod to the last. */
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ControlPlane } from "#e2e/control-plane.ts";
import { EmbeddedServer } from "#e2e/embedded-server.ts";
import { expect, test as base } from "playwright/test";
import { deployment, widgetDefinition } from "./every-kind.ts";
import { Kubectl } from "./kubectl.ts";

const test = base.extend<object, { readonly ours: Kubectl }>({
  ours: [
    // oxlint-disable-next-line no-empty-pattern -- the form that Playwright wants
    async ({}, provide) => {
      const programs = await ControlPlane.build();
      const embedded = await EmbeddedServer.start("empty");
      const kubectl = new Kubectl(join(programs, "kubectl"), embedded.kubeconfig);
      await provide(kubectl);
      kubectl.forgetEverything();
      await embedded.stop();
    },
    { scope: "worker" },
  ],
});

test.describe("kubectl on the embedded cluster", () => {
  const own = "own";
  const here = ["-n", own];

  test("runs a deployment from its first pod to its last", async ({ ours }) => {
    const ok = async (args: readonly string[], input?: string): Promise<string> => {
      const { code, text } = await ours.run(args, input);
      expect(code, `kubectl ${args.join(" ")}: ${text}`).toBe(0);
      return text;
    };
    await ok(["create", "namespace", own]);
    await ok(
      ["create", "-f", "-"],
      JSON.stringify({
        apiVersion: "v1",
        kind: "Node",
        metadata: { name: "n1" },
        status: { capacity: { cpu: "4", pods: "10" } },
      }),
    );
    await ok(["cordon", "n1"]);
    expect(await ok(["get", "node", "n1"])).toContain("SchedulingDisabled");
    await ok(["uncordon", "n1"]);
    await ok(["taint", "node", "n1", "spot=true:NoSchedule"]);
    expect(await ok(["describe", "node", "n1"])).toContain("spot=true:NoSchedule");
    await ok(["taint", "node", "n1", "spot-"]);

    const watching = ours.start(["get", "pods", ...here, "-w", "--output-watch-events"]);
    const lines: string[] = [];
    if (watching.stdout !== null) createInterface({ input: watching.stdout }).on("line", (line) => lines.push(line));
    try {
      await ok(["apply", ...here, "-f", "-"], deployment({ replicas: 2 }));
      await expect.poll(() => lines.filter((line) => line.startsWith("ADDED")).length).toBe(2);
      for (const name of (await ok(["get", "pods", ...here, "-o", "name"])).trim().split("\n")) {
        const [, pod = ""] = name.split("/");
        const binding = {
          apiVersion: "v1",
          kind: "Binding",
          metadata: { name: pod },
          target: { kind: "Node", name: "n1" },
        };
        await ok(
          ["create", "--raw", `/api/v1/namespaces/${own}/pods/${pod}/binding`, "-f", "-"],
          JSON.stringify(binding),
        );
      }
      await ok(["wait", "deployment/web", ...here, "--for=condition=Available", "--timeout=30s"]);
      expect(await ok(["rollout", "status", "deployment/web", ...here])).toContain("successfully rolled out");
      expect(await ok(["get", "deployment", "web", ...here, "-o", "wide"])).toMatch(
        /web +2\/2 +2 +2 +\S+ +main +none:1 +app=web/,
      );
      await expect
        .poll(() => lines.filter((line) => /^MODIFIED .* Running /.test(line)).length)
        .toBeGreaterThanOrEqual(2);

      await ok(["scale", "deployment", "web", ...here, "--replicas=1"]);
      await expect.poll(() => lines.filter((line) => line.startsWith("DELETED")).length).toBe(1);
      const [, last = ""] = (await ok(["get", "pods", ...here, "-o", "name"])).trim().split("/");
      expect(await ok(["describe", "pod", last, ...here])).toMatch(/Status: +Running/);
      // It takes its time to end, is waited for, and another takes its place.
      await ok(["delete", "pod", last, ...here]);
      const terminating = (line: string): boolean => line.startsWith("MODIFIED") && line.includes("Terminating");
      expect(lines.some((line) => line.includes(last) && terminating(line))).toBe(true);
      await expect.poll(async () => (await ok(["get", "pods", ...here, "-o", "name"])).trim()).toMatch(/^pod\/web-/);
    } finally {
      watching.kill();
    }
  });

  test("deletes an owner with or without what it owns, and a namespace with all that is in it", async ({ ours }) => {
    await ours.run(["create", "namespace", own]);
    const names = async (kinds: string): Promise<string> =>
      (await ours.run(["get", kinds, ...here, "-o", "name", "--ignore-not-found"])).text.trim();
    await ours.run(["apply", ...here, "-f", "-"], deployment({ replicas: 1 }));
    await expect.poll(() => names("pods")).toMatch(/^pod\/web-/);
    expect((await ours.run(["delete", "deployment", "web", ...here, "--cascade=orphan"])).code).toBe(0);
    const [set = ""] = (await names("replicasets")).split("\n");
    expect(set).toMatch(/^replicaset.apps\/web-/);
    expect((await ours.run(["delete", set, ...here, "--cascade=foreground"])).code).toBe(0);
    await expect.poll(() => names("pods")).toBe("");

    await ours.run(["apply", "-f", "-"], JSON.stringify(widgetDefinition));
    await ours.run(["wait", "crd/widgets.example.com", "--for=condition=Established"]);
    const widget = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" }, spec: { size: 3 } };
    expect((await ours.run(["apply", ...here, "-f", "-"], JSON.stringify(widget))).code).toBe(0);
    expect((await ours.run(["get", "wd", ...here])).text).toMatch(/NAME +SIZE\nw +3/);
    expect((await ours.run(["scale", "widget", "w", ...here, "--replicas=5"])).code).toBe(0);
    const wrong = await ours.run(["apply", ...here, "-f", "-"], JSON.stringify({ ...widget, spec: { size: 0 } }));
    expect(wrong.text).toContain("spec.size in body should be greater than or equal to 1");
    expect((await ours.run(["api-resources", "--api-group=example.com"])).text).toContain("widgets");

    expect((await ours.run(["delete", "namespace", own, "--timeout=50s"])).code).toBe(0);
    expect((await ours.run(["get", "namespace", own])).text).toContain('namespaces "own" not found');
    expect((await ours.run(["delete", "crd", "widgets.example.com"])).code).toBe(0);
  });

  test("refuses to replace what changed since it was read", async ({ ours }) => {
    await ours.run(["create", "configmap", "read", "--from-literal=a=1"]);
    const { text: read } = await ours.run(["get", "configmap", "read", "-o", "json"]);
    await ours.run(["annotate", "configmap", "read", "seen=yes"]);
    const replaced = await ours.run(["replace", "-f", "-"], read);
    expect(replaced.code).toBe(1);
    expect(replaced.text).toContain("the object has been modified; please apply your changes to the latest version");
  });
});
