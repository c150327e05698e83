import type { SeenEvent } from "#lib/protocol/index.ts";

/** Events of one label that came one after the other and got one answer. */
export interface LoupeItem {
  readonly first: SeenEvent;
  readonly count: number;
}

/**
 * What came during an attempt, as far as there is room: equal neighbours stand as one, and those that said Queue are
 * always there, because they decide.
 */
export function itemsOf(events: readonly SeenEvent[], room: number): readonly LoupeItem[] {
  const items: { first: SeenEvent; count: number }[] = [];
  for (const event of events) {
    const last = items.at(-1);
    if (last !== undefined && isAlike(last.first, event)) last.count++;
    else items.push({ first: event, count: 1 });
  }
  if (items.length <= room) return items;
  let others = room - items.filter(({ first }) => first.answer === "Queue").length;
  return items.filter(({ first }) => first.answer === "Queue" || others-- > 0);
}

function isAlike(a: SeenEvent, b: SeenEvent): boolean {
  return a.label === b.label && a.answer === b.answer && a.isLostByHistorical === b.isLostByHistorical;
}
