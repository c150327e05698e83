import { describe, expect, it } from "vitest";
import { formOf, questionOf } from "./what-if.model.ts";

const spec = {
  priority: 0,
  scheduler: "default-scheduler",
  requests: { cpu: "6", memory: "24Gi" },
  tolerations: [
    { key: "spot", operator: "Equal", value: "true", effect: "NoSchedule" },
    { key: "gpu", operator: "Exists" },
  ],
  nodeSelector: { disk: "ssd" },
};

describe("what if the pod asked for something else", () => {
  const form = formOf(spec);

  it("begins with what it asks for, and then asks nothing", () => {
    expect(form.tolerations).toBe("spot=true:NoSchedule\ngpu");
    expect(form.nodeSelector).toBe("disk=ssd");
    expect(questionOf(form, spec)).toBeUndefined();
  });

  it("asks about what was changed only", () => {
    expect(questionOf({ ...form, requests: { cpu: "2", memory: "24Gi" } }, spec)).toEqual({
      requests: { cpu: "2", memory: "24Gi" },
    });
    expect(questionOf({ ...form, nodeSelector: "" }, spec)).toEqual({ nodeSelector: {} });
  });

  it("reads tolerations as kubectl writes taints", () => {
    const tolerations = "spot=true:NoSchedule, maintenance\n:NoExecute\nzone=";
    expect(questionOf({ ...form, tolerations }, spec)?.tolerations).toEqual([
      { key: "spot", operator: "Equal", value: "true", effect: "NoSchedule" },
      { key: "maintenance", operator: "Exists" },
      { operator: "Exists", effect: "NoExecute" },
      { key: "zone", operator: "Equal", value: "" },
    ]);
  });
});
