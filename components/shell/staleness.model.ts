/** A view that says nothing for so long tells its age; the server says at least once a second that it is there. */
const agedMs = 5_000;
/** From here on nothing that is shown is called live. */
const silentMs = 15_000;

export type Staleness = "fresh" | "aged" | "silent";

/** How old a picture is, of which the newest part was made at an instant. */
export function stalenessOf(asOf: number, now: number): Staleness {
  const age = now - asOf;
  if (age >= silentMs) return "silent";
  return age >= agedMs ? "aged" : "fresh";
}
