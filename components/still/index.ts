export { HeldPill } from "./held-pill.tsx";
export { placeAt, type Place, type RowsWindow, type StandingRows } from "./standing-rows.model.ts";
export { useHeldPicture, useStandingRows } from "./use-held.ts";
export { useInside, type Inside } from "./use-inside.ts";
