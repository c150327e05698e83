/** How long a changed value is tinted. */
export const flashMs = 600;
const windowMs = 1_000;
const mostInWindow = 3;

/** The changes of the last second, this one included. */
export function recentChanges(before: readonly number[], at: number): readonly number[] {
  return [...before.filter((instant) => at - instant < windowMs), at];
}

/** A value that changes all the time is not tinted: it would never be at rest. */
export function isFlashed(changes: readonly number[]): boolean {
  return changes.length <= mostInWindow;
}
