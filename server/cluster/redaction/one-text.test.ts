import { expect, it } from "vitest";
import type { Pod } from "#lib/kube/index.ts";
import { OneText } from "./one-text.ts";

it("one text for equal ones changes nothing that can be read", () => {
  const pod = (at: string): Pod => ({
    metadata: { name: "a", creationTimestamp: "2026-01-01T00:00:00Z" },
    status: {
      conditions: [
        { type: "PodScheduled", status: "False", reason: "Unschedulable", message: `at ${at}`, lastTransitionTime: at },
        { type: "Ready", status: "False", lastTransitionTime: at },
        { type: "Initialized", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" },
        { type: "Other", status: "True" },
      ],
    },
  });
  const texts = new OneText();
  for (const at of ["2026-01-01T00:00:00Z", "2026-01-01T00:00:05Z", "2026-01-01T00:00:00Z"]) {
    const shared = pod(at);
    texts.share(shared);
    expect(shared).toEqual(pod(at));
  }
  expect(() => texts.share({ metadata: { name: "a" } })).not.toThrow();
});
