"use client";
import { useState } from "react";
import { changesSince, follow, standIn, type RowsWindow, type StandingRows } from "./standing-rows.model.ts";

export interface HeldBy<T, H> {
  /** What is kept of the moment when somebody came in. */
  readonly hold: (live: T) => H;
  /** What of a later one may be let through. The same value means: nothing. */
  readonly follow: (held: H, live: T) => H;
  /** What the list is about. Another question has another answer, whoever is inside; `undefined`: not known yet. */
  readonly about?: string | undefined;
}

/** Undefined: what is live is shown. Else what somebody who is inside goes on seeing. */
export function useHeld<T, H extends object>(live: T, isInside: boolean, by: HeldBy<T, H>): H | undefined {
  const [held, setHeld] = useState<{ readonly value: H; readonly about: string | undefined }>();
  const next = isInside ? heldNext(held, live, by) : undefined;
  if (next !== held) setHeld(next);
  return next?.value;
}

function heldNext<T, H extends object>(
  held: { readonly value: H; readonly about: string | undefined } | undefined,
  live: T,
  { hold, follow: followed, about }: HeldBy<T, H>,
): { readonly value: H; readonly about: string | undefined } {
  if (held === undefined || (about !== undefined && about !== held.about)) return { value: hold(live), about };
  const value = followed(held.value, live);
  return value === held.value ? held : { value, about: held.about };
}

const asItWas = <T>(held: T): T => held;

/** The whole picture as it was when somebody came in; as long as there is none, nothing is held. */
export function useHeldPicture<T extends object | undefined>(live: T, isInside: boolean): T {
  const held = useHeld<T, { readonly picture: T }>(live, isInside && live !== undefined, {
    hold: (picture) => ({ picture }),
    follow: asItWas,
  });
  return held === undefined ? live : held.picture;
}

/** The places of a long list: order and membership stay, values go on. */
export function useStandingRows<Row>(
  list: RowsWindow<Row> | undefined,
  isInside: boolean,
  about?: string,
): { readonly standing: StandingRows<Row> | undefined; readonly changes: number } {
  const live = list ?? nothing;
  const standing = useHeld<RowsWindow<Row>, StandingRows<Row>>(live, isInside && list !== undefined, {
    hold: standIn,
    follow,
    about,
  });
  return { standing, changes: standing === undefined ? 0 : changesSince(standing, live) };
}

const nothing: RowsWindow<never> = { count: 0, offset: 0, order: [], rows: {} };
