/** So long the page may be kept busy: a frame, with room for what else it has to do. */
const sliceMs = 12;

/** Long work in slices, between which the page draws and listens. */
export class Slices {
  #since = performance.now();

  /** Waits for the page's turn, if this slice has lasted. */
  async breathe(): Promise<void> {
    if (performance.now() - this.#since < sliceMs) return;
    await new Promise((resolve) => setTimeout(resolve));
    this.#since = performance.now();
  }
}

/** What a generator returns, played in slices. */
export async function inSlices<T>(steps: Iterator<void, T>): Promise<T> {
  const slices = new Slices();
  let next = steps.next();
  while (next.done !== true) {
    await slices.breathe();
    next = steps.next();
  }
  return next.value;
}
