import type { Operation, Scenario } from "#lib/lab/index.ts";

/**
 * Changes of the list of operations. Captions belong to the list as it was written, so a changed one has none: what it
 * shows is said by the queues.
 */
function changed(scenario: Scenario, operations: readonly Operation[]): Scenario {
  return { ...scenario, operations: operations.map(({ note: _note, ...operation }) => operation) };
}

/** Steps count from 1. */
export function deleteStep(scenario: Scenario, step: number): Scenario {
  return changed(scenario, scenario.operations.toSpliced(step - 1, 1));
}

/** The operation of `step` becomes the one of `target`. */
export function moveStep(scenario: Scenario, step: number, target: number): Scenario {
  const { operations } = scenario;
  const operation = operations[step - 1];
  if (operation === undefined) return scenario;
  const place = Math.min(Math.max(target, 1), operations.length);
  return changed(scenario, operations.toSpliced(step - 1, 1).toSpliced(place - 1, 0, operation));
}

/** The new operation comes behind `step`. */
export function insertAfter(scenario: Scenario, step: number, operation: Operation): Scenario {
  return changed(scenario, scenario.operations.toSpliced(step, 0, operation));
}
