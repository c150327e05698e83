import type { Instant } from "#lib/clock/index.ts";
import type { FailureEvidence } from "./evidence.ts";

/** How the shadow knows how an attempt ended. */
export type Outcome =
  | { readonly kind: "observed"; readonly at: Instant; readonly evidence: FailureEvidence }
  /** Nothing was seen of it; our own attempt found no node. */
  | { readonly kind: "simulated"; readonly at: Instant; readonly message: string }
  /** Nothing was seen of it, and our own attempt says that it should have been bound, or cannot tell. */
  | { readonly kind: "unknown"; readonly at: Instant };
