import { expect, it } from "vitest";
import { Experiment, experimentInSteps } from "./experiment.ts";
import { otherStories } from "./stories/index.ts";

const scenario = otherStories
  .map((story) => story.scenario)
  .sort((a, b) => b.operations.length - a.operations.length)[0];
if (scenario === undefined) throw new Error("there are stories");

it("comes to the same when it is made step by step", () => {
  const steps = experimentInSteps(scenario);
  let breaths = 0;
  let next = steps.next();
  for (; next.done !== true; next = steps.next()) breaths++;
  const whole = new Experiment(scenario);
  expect(breaths).toBe(whole.length);
  const facts = ({ summaries }: Experiment) =>
    summaries.map(({ step, now, subject, difference }) => ({ step, now, subject, difference }));
  expect(facts(next.value)).toEqual(facts(whole));
  expect(next.value.divergences).toEqual(whole.divergences);
});

it("looks the same at a step in whatever order the steps are looked at", () => {
  const wandering = new Experiment(scenario);
  const { length } = wandering;
  const order = [length, 0, 3, length - 1, 1, 5, 2, length, 4, 0].filter((step) => step <= length);
  for (const step of order) {
    expect(wandering.at(step)).toEqual(new Experiment(scenario).at(step));
    expect(wandering.at(step)).toBe(wandering.at(step));
  }
});
