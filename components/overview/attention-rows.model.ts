import type { RowsWindow } from "#components/still/index.ts";
import type { Attention, AttentionGroup } from "#lib/protocol/index.ts";
import { sectionsOf } from "./attention.model.ts";

/** A group with the section that it stands in. */
export interface AttentionRow {
  readonly section: string;
  readonly group: AttentionGroup;
}

/** All groups in the order in which they are drawn, as a list that can be held still. */
export function rowsOf(attention: Attention | undefined): RowsWindow<AttentionRow> | undefined {
  if (attention === undefined) return undefined;
  const rows = sectionsOf(attention).flatMap(({ title, groups }) =>
    groups.map((group) => [group.key, { section: title, group }] as const),
  );
  return { count: rows.length, offset: 0, order: rows.map(([key]) => key), rows: Object.fromEntries(rows) };
}
