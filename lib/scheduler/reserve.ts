import { objectKey } from "#lib/kube/index.ts";
import type { ClusterCache } from "./cluster-cache.ts";
import { schedulerError, type AttemptFailure } from "./failure-handler.ts";
import type { OngoingFlight } from "./flight.ts";
import { isReserving } from "./framework.ts";
import type { NodeInfo } from "./node-info.ts";
import type { Profile } from "./profile.ts";
import type { SchedulerWriter } from "./writer.ts";

type Reserving = Pick<OngoingFlight, "pod" | "reservations">;

/** Something had to be written before the binding, and was refused. */
class PreBindError extends Error {
  override readonly name = "PreBindError";
}

/** Sets aside what the pod would be given on the node; or why that cannot be. Upstream: `RunReservePluginsReserve`. */
export function reserve(flight: Reserving, node: NodeInfo, profile: Profile | undefined): AttemptFailure | undefined {
  for (const plugin of profile?.filterPlugins ?? []) {
    if (!isReserving(plugin)) continue;
    try {
      const reservation = plugin.reserve(flight.pod, node);
      if (reservation !== undefined) flight.reservations = [...flight.reservations, reservation];
    } catch (error) {
      return schedulerError(`running Reserve plugin "${plugin.name}": ${textOf(error)}`);
    }
  }
  return undefined;
}

/** Idempotent. Upstream: `RunReservePluginsUnreserve`. */
export function unreserve(flight: Reserving): void {
  for (const reservation of flight.reservations) reservation.release();
  flight.reservations = [];
}

/**
 * Writes what was set aside, before the pod is bound; from then on it is known here, whenever the API tells of it.
 *
 * @throws what {@link bindingFailure} understands
 *
 * Upstream: `dynamicresources`, `bindClaim`.
 */
export async function preBind(
  flight: Reserving,
  { writer, cache }: { readonly writer: SchedulerWriter; readonly cache: ClusterCache },
): Promise<void> {
  const claims = flight.reservations.flatMap((reservation) => reservation.claims);
  if (claims.length === 0) return;
  try {
    for (const claim of claims) await writer.updateClaimStatus(claim);
  } catch (cause) {
    throw new PreBindError(textOf(cause), { cause });
  }
  for (const claim of claims) {
    const known = cache.resourceClaims.get(objectKey(claim));
    if (known?.metadata.uid === claim.metadata.uid && known?.status?.allocation === undefined)
      cache.resourceClaims.set(claim);
  }
  unreserve(flight);
}

export function bindingFailure(error: unknown): AttemptFailure {
  const step =
    error instanceof PreBindError ? 'running PreBind plugin "DynamicResources"' : 'running Bind plugin "DefaultBinder"';
  return schedulerError(`${step}: ${textOf(error)}`);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
