import { describe, expect, it } from "vitest";
import { addHandlerRequest, schedulerStep } from "./rest.ts";
import { subscribe } from "./socket.ts";

describe("what a client may send", () => {
  const window = { offset: 0, limit: 50 };

  it("takes a subscription with the view of its topic", () => {
    const message = {
      id: 1,
      cluster: "demo",
      topic: "lanes",
      view: { active: window, backoff: window, unschedulable: window },
    };
    expect(subscribe.parse(message)).toEqual(message);
  });

  it.each([
    ["an unknown topic", { id: 1, cluster: "demo", topic: "secrets", view: {} }],
    ["another topic's view", { id: 1, cluster: "demo", topic: "informer", view: {} }],
    [
      "a window without end",
      {
        id: 1,
        cluster: "demo",
        topic: "lanes",
        view: { active: { offset: 0, limit: 1e9 }, backoff: window, unschedulable: window },
      },
    ],
    ["an id that is no number", { id: "1", cluster: "demo", topic: "events", view: {} }],
    ["more than was asked for", { id: 1, cluster: "demo", topic: "events", view: {}, kubeconfig: "/etc/passwd" }],
    ["nothing", undefined],
  ])("refuses %s", (_, message) => {
    expect(subscribe.safeParse(message).success).toBe(false);
  });

  it("fills in what a handler request leaves out", () => {
    expect(addHandlerRequest.parse({ kind: "count", owner: " me " })).toEqual({
      kind: "count",
      owner: "me",
      filter: {},
      times: 1,
    });
    expect(addHandlerRequest.safeParse({ kind: "builtIn", owner: "me" }).success).toBe(false);
  });

  it("tells the ways to finish an attempt apart", () => {
    expect(
      schedulerStep.safeParse({ step: "finish", uid: "a", as: "unschedulable", plugins: ["NodeName"] }).success,
    ).toBe(true);
    expect(schedulerStep.safeParse({ step: "finish", uid: "a", as: "unschedulable" }).success).toBe(false);
    expect(schedulerStep.safeParse({ step: "pop" }).success).toBe(true);
  });
});
