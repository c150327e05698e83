export interface PodsWindow {
  readonly offset: number;
  readonly limit: number;
}

const chunk = 40;
const longest = 200;

/** What is asked for before it was scrolled. */
export const firstWindow: PodsWindow = { offset: 0, limit: 80 };

/** A chunk more at both ends, on chunk borders: scrolling by a few rows asks for nothing new. */
export function windowFor(first: number, last: number, before: PodsWindow): PodsWindow {
  const offset = Math.max(0, (Math.floor(first / chunk) - 1) * chunk);
  const end = (Math.floor(Math.max(first, last) / chunk) + 2) * chunk;
  const limit = Math.min(longest, Math.max(firstWindow.limit, end - offset));
  return before.offset === offset && before.limit === limit ? before : { offset, limit };
}
