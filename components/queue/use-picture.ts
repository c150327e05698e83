"use client";
import { useState } from "react";
import type { Events } from "#lib/protocol/index.ts";
import { nextPicture, type Picture } from "./columns.model.ts";

/** The picture of the list: as it is, or held while somebody points at it. */
export function usePicture(events: Events, isHeld: boolean): Picture {
  const [picture, setPicture] = useState(() => nextPicture(undefined, events, isHeld));
  const next = nextPicture(picture, events, isHeld);
  if (next !== picture) setPicture(next);
  return next;
}
