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
  nodeAffinity: "zone in (a, b)",
};

describe("what if the pod asked for something else", () => {
  const form = formOf(spec);

  it("begins with what it asks for, and then asks nothing", () => {
    expect(form).toMatchObject({
      tolerations: "spot=true:NoSchedule\ngpu",
      nodeSelector: "disk=ssd",
      nodeAffinity: "zone in (a, b)",
    });
    expect(questionOf(form, spec)).toBeUndefined();
    expect(formOf({ ...spec, nodeAffinity: undefined }).nodeAffinity).toBe("");
  });

  it("asks about what was changed only, as it was typed", () => {
    expect(questionOf({ ...form, requests: { cpu: "2", memory: "24Gi" } }, spec)).toEqual({
      requests: { cpu: "2", memory: "24Gi" },
    });
    expect(questionOf({ ...form, nodeSelector: "", nodeAffinity: "!gpu" }, spec)).toEqual({
      nodeSelector: "",
      nodeAffinity: "!gpu",
    });
  });
});
