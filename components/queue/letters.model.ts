/**
 * Letters of in-flight pods: A to Z, then AA. A pod's letter is its pop counted from the first pop this page saw, so
 * it never changes and never comes back while the page is open.
 */
export function letterOf(index: number): string {
  let letters = "";
  for (let rest = index; rest >= 0; rest = Math.floor(rest / 26) - 1) {
    letters = String.fromCodePoint(65 + (rest % 26)) + letters;
  }
  return letters;
}

/** Which pop is A. A smaller number than any before means that the server counts anew: so do the letters. */
export function firstPop(known: number | undefined, popIndexes: Iterable<number>): number | undefined {
  let first = known;
  for (const popIndex of popIndexes) if (first === undefined || popIndex < first) first = popIndex;
  return first;
}

/** What fits into a diamond: up to three letters, of longer ones the end, where neighbours differ. */
export function shortLetter(letter: string): string {
  return letter.length <= 3 ? letter : `…${letter.slice(-2)}`;
}
