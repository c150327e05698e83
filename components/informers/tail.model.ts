import type { Tail, TailLine } from "#lib/protocol/index.ts";

export const tailModes = ["summary", "diff", "json"] as const;
export type TailMode = (typeof tailModes)[number];

/** One row of the drawer; all are equally high, so a line with many changes takes several. */
export type TailRow =
  | { readonly kind: "line"; readonly key: string; readonly line: TailLine; readonly text: string }
  | {
      readonly kind: "change";
      readonly key: string;
      readonly path: string;
      readonly before: string | undefined;
      readonly after: string | undefined;
    };

/** The newest line first. */
export function tailRows({ lines }: Tail, mode: TailMode): readonly TailRow[] {
  // Members named by whole numbers come in ascending order, whenever they were added (ECMAScript, OrdinaryOwnPropertyKeys).
  const newestFirst = Object.values(lines).reverse();
  return newestFirst.flatMap((line) => rowsOf(line, mode));
}

function rowsOf(line: TailLine, mode: TailMode): readonly TailRow[] {
  const key = String(line.seq);
  switch (mode) {
    case "summary":
    case "json":
      return [{ kind: "line", key, line, text: line.summary }];
    case "diff": {
      const changes = line.changes ?? [];
      return [
        { kind: "line", key, line, text: changes.length === 0 ? line.summary : "" },
        ...changes.map(({ path, before, after }) => ({
          kind: "change" as const,
          key: `${key} ${path}`,
          path,
          before,
          after,
        })),
      ];
    }
    default:
      return mode satisfies never;
  }
}

/** Number of the newest line. */
export function newestSeq({ lines }: Tail): number | undefined {
  return Object.values(lines).at(-1)?.seq;
}

/** Only a handler that keeps what changed can show it. */
export function modesOf({ lines }: Tail): readonly TailMode[] {
  const hasChanges = Object.values(lines).some(({ changes }) => changes !== undefined);
  return hasChanges ? tailModes : tailModes.filter((mode) => mode !== "diff");
}

export const typeWords = {
  added: "ADDED",
  modified: "MODIFIED",
  deleted: "DELETED",
  sync: "SYNC",
} as const satisfies Record<TailLine["type"], string>;
