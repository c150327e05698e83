import { expect, test } from "vitest";
import { boldLength, sentence, sentenceText } from "./sentence.ts";

test("a sentence is read at a moment", () => {
  const parts = sentence.parse(["Backing off: attempt 3 failed, retries in ", { until: 11_600 }, "."]);
  expect(sentenceText(parts, 10_000)).toBe("Backing off: attempt 3 failed, retries in 1.6 s.");
  expect(sentenceText(parts, 12_000)).toBe("Backing off: attempt 3 failed, retries in 0.0 s.");
  expect(sentenceText(["for ", { since: 0 }], 11_580_000)).toBe("for 3h 13m");
  expect(sentenceText(["usually ", { ms: 46 }], 0)).toBe("usually 46 ms");
});

test.each([
  ["No node fits: 31 of 46 are short of CPU, 15 rule it out.", "No node fits:"],
  ["In flight for 4m 12s, usually 46 ms. It holds 18,204 events.", "In flight for 4m 12s,"],
  ["There are no nodes.", "There are no nodes."],
  ["No node matches disk=nvme2; 8 nodes have disk=nvme.", "No node matches disk=nvme2;"],
  ["Parked at 16:33:45, and not moved since.", "Parked at 16:33:45,"],
])("the bold run of %s", (text, bold) => {
  expect(text.slice(0, boldLength(text))).toBe(bold);
});
