import type { Problem } from "#lib/protocol/index.ts";

/** Of a cluster that is not ours to break. */
export function noFaults(name: string): Problem {
  const message = `${name} is not embedded, and only an embedded cluster can be made to fail.`;
  return { code: "no-such-faults", title: "No faults", message, hint: "Start the demo cluster." };
}
