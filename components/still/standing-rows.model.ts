/** A window over a long list, as the server sends it: `order` names the rows from `offset` on. */
export interface RowsWindow<Row> {
  /** Rows of the whole list. */
  readonly count: number;
  readonly offset: number;
  readonly order: readonly string[];
  readonly rows: Readonly<Record<string, Row>>;
}

/** A place in a list: who stands there, and whether they have left it since the order was held. */
export interface Place<Row> {
  readonly key: string;
  readonly row: Row;
  readonly hasLeft: boolean;
}

/** Who stood where when somebody came in. Places that come into sight later are filled as they are then. */
export interface StandingRows<Row> {
  readonly count: number;
  readonly places: ReadonlyMap<number, { readonly key: string; readonly row: Row }>;
  /** The order and the rows that the places were last brought up to date from. */
  readonly source: RowsWindow<Row>;
}

export function standIn<Row>(list: RowsWindow<Row>): StandingRows<Row> {
  const places = new Map<number, { key: string; row: Row }>();
  for (const [at, key] of list.order.entries()) {
    const row = list.rows[key];
    if (row !== undefined) places.set(list.offset + at, { key, row });
  }
  return { count: list.count, places, source: list };
}

/** Values follow, places do not; nobody stands twice. */
export function follow<Row>(standing: StandingRows<Row>, list: RowsWindow<Row>): StandingRows<Row> {
  if (isSame(standing.source, list)) return standing;
  const places = new Map<number, { key: string; row: Row }>();
  for (const [index, { key, row }] of standing.places) places.set(index, { key, row: list.rows[key] ?? row });
  const taken = new Set([...places.values()].map(({ key }) => key));
  for (const [at, key] of list.order.entries()) {
    const index = list.offset + at;
    const row = list.rows[key];
    if (row !== undefined && index < standing.count && !places.has(index) && !taken.has(key))
      places.set(index, { key, row });
  }
  return { count: standing.count, places, source: list };
}

function isSame<Row>(a: RowsWindow<Row>, b: RowsWindow<Row>): boolean {
  return a.order === b.order && a.rows === b.rows && a.offset === b.offset && a.count === b.count;
}

export function placeAt<Row>(
  list: RowsWindow<Row>,
  standing: StandingRows<Row> | undefined,
  index: number,
): Place<Row> | undefined {
  if (standing !== undefined) {
    const place = standing.places.get(index);
    return place && { ...place, hasLeft: hasLeft(place.key, index, list) };
  }
  const key = list.order[index - list.offset];
  const row = key === undefined ? undefined : list.rows[key];
  return key === undefined || row === undefined ? undefined : { key, row, hasLeft: false };
}

/** Absent from a window that would have to show it: not merely scrolled out of the part that the server tells about. */
function hasLeft<Row>(key: string, index: number, list: RowsWindow<Row>): boolean {
  const isInWindow = index >= list.offset && index < list.offset + Math.max(list.order.length, 1);
  return list.rows[key] === undefined && (isInWindow || list.count === 0);
}

/** How many rows came, went or moved behind the order that is held: what the pill counts. */
export function changesSince<Row>(standing: StandingRows<Row>, list: RowsWindow<Row>): number {
  const before = [...standing.places]
    .filter(([index]) => index >= list.offset && index < list.offset + list.order.length)
    .sort(([a], [b]) => a - b)
    .map(([, { key }]) => key);
  const now = new Set(list.order);
  const then = new Set(before);
  const left = before.filter((key) => !now.has(key)).length;
  const joined = list.order.filter((key) => !then.has(key)).length;
  const moved = Math.max(left, joined);
  if (moved > 0) return moved;
  const stayed = before.filter((key) => now.has(key));
  return list.order.filter((key) => then.has(key)).filter((key, index) => stayed[index] !== key).length;
}
