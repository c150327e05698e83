/** The list without everything that can be left out while it still fails: single elements, as often as one goes. */
export function shortest<T>(list: readonly T[], fails: (list: readonly T[]) => boolean): readonly T[] {
  let kept = list;
  for (let index = 0; index < kept.length;) {
    const without = kept.toSpliced(index, 1);
    if (fails(without)) {
      kept = without;
      index = 0;
    } else index++;
  }
  return kept;
}
