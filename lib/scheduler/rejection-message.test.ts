import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { parseRejectionMessage } from "./rejection-message.ts";
import type { RecordedFilterScenario } from "./testing/recorded.ts";

const plugins = (message: string) => Object.fromEntries(parseRejectionMessage(message)?.plugins ?? []);

describe("H11 who rejected a pod, read from the message", () => {
  test("counts nodes per plugin, several reasons of one plugin together", () => {
    expect(
      plugins(
        "0/7 nodes are available: 1 Too many pods, 2 Insufficient cpu, 4 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/7 nodes are available: 7 Preemption is not helpful for scheduling.",
      ),
    ).toEqual({ NodeResourcesFit: 3, TaintToleration: 4 });
  });

  test.each([
    ["0/1 nodes are available: pod affinity terms conflict. not found", { NodeAffinity: undefined }],
    ['0/2 nodes are available: persistentvolumeclaim "a.b" not found. not found', { VolumeRestrictions: undefined }],
    [
      "0/3 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }, 2 Insufficient example.com/gpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.",
      { TaintToleration: 1, NodeResourcesFit: 2 },
    ],
    [
      "0/2 nodes are available: 2 node(s) didn't satisfy plugin(s) [NodeAffinity TaintToleration].",
      { NodeAffinity: 2, TaintToleration: 2 },
    ],
    ["0/4 nodes are available:", {}],
  ])("%s", (message, expected) => {
    expect(plugins(message)).toEqual(expected);
  });

  test("a reason that no known plugin gives is named", () => {
    const parsed = parseRejectionMessage("0/2 nodes are available: 1 node(s) are asleep, 1 Insufficient cpu.");
    expect(parsed?.unknownReasons).toEqual(["node(s) are asleep"]);
    expect([...(parsed?.plugins.keys() ?? [])]).toEqual(["NodeResourcesFit"]);
  });

  test.each(["no nodes available to schedule pods", 'running Bind plugin "DefaultBinder": forbidden', ""])(
    "%j does not say that the pod fits nowhere",
    (message) => {
      expect(parseRejectionMessage(message)).toBeUndefined();
    },
  );
});

test("H11 the rejectors in every recorded message are those that kube-scheduler gave its queue", () => {
  let messages = 0;
  for (const file of ["filters-hand", "filters-random"]) {
    const packed = readFileSync(new URL(`testdata/${file}.json.gz`, import.meta.url));
    for (const { name, cases } of JSON.parse(gunzipSync(packed).toString()) as readonly RecordedFilterScenario[]) {
      for (const { name: pod, expect: recorded } of cases) {
        if (recorded.fitError === undefined || recorded.message === undefined) continue;
        messages++;
        const parsed = parseRejectionMessage(recorded.message);
        const rejectors = [...(parsed?.plugins.keys() ?? [])].sort();
        // The plugin that narrowed to nodes which do not exist, or reject by themselves, is not in the text.
        const said = (recorded.queue?.unschedulablePlugins ?? []).filter(
          (plugin) => rejectors.includes(plugin) || recorded.preFilter?.nodeNamesPlugins?.includes(plugin) !== true,
        );
        expect({ name, pod, rejectors, unknown: parsed?.unknownReasons }).toEqual({
          name,
          pod,
          rejectors: said,
          unknown: [],
        });
      }
    }
  }
  expect(messages).toBeGreaterThan(300);
});
