import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { nominatedPodsOf } from "../nominated-pods.ts";
import type { RecordedFilterScenario } from "../testing/recorded.ts";
import { TestCluster } from "../testing/test-cluster.ts";
import { Evaluation } from "./evaluation.ts";
import { wholeMessageOf } from "./whole-message.ts";

const scenarios = JSON.parse(
  gunzipSync(readFileSync(new URL("../testdata/filters-hand.json.gz", import.meta.url))).toString(),
) as readonly RecordedFilterScenario[];

test("the whole message of an evaluation is the one that kube-scheduler wrote, with what PostFilter adds", () => {
  const compared = scenarios.flatMap(({ name, cluster, cases }) =>
    cases
      .filter(({ expect: { outcome } }) => outcome === "unschedulable")
      .map(({ name: title, pod, expect: { message } }) => {
        const others = (cluster.pods ?? []).filter(({ metadata }) => metadata.uid !== pod.metadata.uid);
        const { cache, profile, queue } = new TestCluster({ ...cluster, pods: [...others, pod] });
        const options = { profile, snapshot: cache, nominatedPods: nominatedPodsOf(queue) };
        const evaluation = new Evaluation(pod);
        for (const _ of evaluation.update(options, 0));
        return { of: `${name}: ${title}`, ours: wholeMessageOf(evaluation, options), theirs: message };
      }),
  );
  expect(compared.length).toBeGreaterThan(100);
  expect(compared.filter(({ ours, theirs }) => ours !== theirs)).toEqual([]);
});
