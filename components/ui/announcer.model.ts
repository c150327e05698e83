/** At most one message per this time reaches the live region. */
export const quietMs = 5_000;

/** When a message may be said that comes `at`, given when the last one was said. The newest one waiting replaces the others. */
export function sayAt(at: number, lastSaidAt: number | undefined): number {
  return lastSaidAt === undefined ? at : Math.max(at, lastSaidAt + quietMs);
}
