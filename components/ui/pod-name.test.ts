import { expect, it } from "vitest";
import { splitPodName } from "./pod-name.model.ts";

it.each([
  ["ranker-6f7c9d-q4x2m", "ranker-6f7c9d", "-q4x2m"],
  ["web-0", "", "web-0"],
  ["", "", ""],
])("keeps the last six characters of %s", (name, head, tail) => {
  expect(splitPodName(name)).toEqual({ head, tail });
});
