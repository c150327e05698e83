import { z } from "zod";
import { Abort, type Clock } from "#lib/clock/index.ts";
import type { KubeTransport, ResourceName } from "../transport/index.ts";

export type ReadVerb = "get" | "list" | "watch";

/** What is asked about: a verb on a resource, in one namespace or in all. */
export interface AccessQuestion {
  readonly verb: ReadVerb;
  readonly resource: ResourceName;
  readonly namespace?: string | undefined;
}

/** Whom to ask. */
export interface Reviewer {
  readonly clock: Clock;
  readonly transport: Pick<KubeTransport, "review">;
}

/** A server that takes longer does not say. */
const patienceMs = 5_000;

const answer = z.looseObject({ status: z.looseObject({ allowed: z.boolean() }) });

/** Whether we may, in the server's own judgement; `undefined` where it does not say. Stores nothing there. */
export async function isAllowed(
  { clock, transport }: Reviewer,
  { verb, resource: { group, resource }, namespace }: AccessQuestion,
): Promise<boolean | undefined> {
  const resourceAttributes = { verb, group, resource, ...(namespace === undefined ? {} : { namespace }) };
  const limit = new Abort();
  const timer = clock.setTimer(patienceMs, () => limit.abort());
  try {
    const said = await transport.review(
      { kind: "SelfSubjectAccessReview", spec: { resourceAttributes } },
      limit.signal,
    );
    return answer.parse(said).status.allowed;
  } catch {
    // A server that cannot be asked is asked by trying.
    return undefined;
  } finally {
    timer.cancel();
  }
}
