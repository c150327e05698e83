import { expect, it } from "vitest";
import { attemptInLab } from "./lab.model.ts";

const pod = { namespace: "ml", name: "train-0", uid: "u1", rejectors: ["NodeResourcesFit"], split: undefined };
const event = (label: string, object: string, answer: "Queue" | "Skip" | "NotRegistered") => ({
  seq: 1,
  at: 5,
  label,
  object,
  answer,
  answers: [{ plugin: "NodeResourcesFit", answer }],
  isLostByHistorical: false,
});
const loupe = (...events: readonly ReturnType<typeof event>[]) => ({
  loupe: { attempt: 6, popped: 0, ended: 10, events: [...events] },
});
const stays = { stays: [], provenance: "observed" as const };
const missed = { at: 20, label: "AssignedPodDelete", object: "etl-1", plugin: "NodeResourcesFit" };
const split = { event: missed, expected: stays, happened: stays };

it("an attempt is played with what came during it, and what its rejectors said to that", () => {
  const timeline = loupe(event("NodeAdd", "n1", "Skip"), event("PvAdd", "v1", "NotRegistered"));
  expect(attemptInLab({ ...pod, timeline })?.events).toEqual([
    { label: "NodeAdd", object: "n1", answers: { NodeResourcesFit: "Skip" } },
    { label: "PvAdd", object: "v1", answers: {} },
  ]);
});

it("an event that is suspected to be missed belongs to it, once", () => {
  const expected = { label: "AssignedPodDelete", object: "etl-1", answers: { NodeResourcesFit: "Queue" } };
  expect(attemptInLab({ ...pod, split, timeline: loupe() })?.events).toEqual([expected]);
  const within = loupe(event("AssignedPodDelete", "etl-1", "Queue"));
  expect(attemptInLab({ ...pod, split, timeline: within })?.events).toEqual([expected]);
});

it("another attempt than the one of the missed event is not mixed with it", () => {
  const ofFive = { ...split, attempt: { attempt: 5, popped: 0, ended: 1 } };
  const events = attemptInLab({ ...pod, split: ofFive, timeline: loupe(event("NodeAdd", "n1", "Skip")) })?.events;
  expect(events?.map(({ label }) => label)).toEqual(["AssignedPodDelete"]);
});

it("nothing is played where nothing happened, or nobody rejected it", () => {
  expect(attemptInLab({ ...pod, timeline: loupe() })).toBeUndefined();
  expect(attemptInLab({ ...pod, rejectors: [], timeline: loupe(event("NodeAdd", "n1", "Skip")) })).toBeUndefined();
});
