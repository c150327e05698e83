export interface CursorMove {
  readonly key: string;
  readonly cursor: number;
  readonly count: number;
  /** Rows in sight. */
  readonly page: number;
}

/** Where a key takes the cursor of a lane; undefined for a key that means nothing here. Stays at the ends. */
export function movedCursor({ key, cursor, count, page }: CursorMove): number | undefined {
  const within = (index: number): number => Math.min(Math.max(0, count - 1), Math.max(0, index));
  switch (key) {
    case "ArrowDown":
    case "j":
      return within(cursor + 1);
    case "ArrowUp":
    case "k":
      return within(cursor - 1);
    case "PageDown":
      return within(cursor + page);
    case "PageUp":
      return within(cursor - page);
    case "Home":
      return 0;
    case "End":
      return within(count - 1);
    default:
      return undefined;
  }
}
