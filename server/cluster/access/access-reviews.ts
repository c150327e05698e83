import { z } from "zod";
import type { KubeTransport, ResourceName } from "../transport/index.ts";

export type ReadVerb = "get" | "list" | "watch";

/** What is asked about: a verb on a resource, in one namespace or in all. */
export interface AccessQuestion {
  readonly verb: ReadVerb;
  readonly resource: ResourceName;
  readonly namespace?: string | undefined;
}

const answer = z.looseObject({ status: z.looseObject({ allowed: z.boolean() }) });

/** Whether we may, in the server's own judgement; `undefined` where it does not say. Stores nothing there. */
export async function isAllowed(
  transport: Pick<KubeTransport, "review">,
  { verb, resource: { group, resource }, namespace }: AccessQuestion,
): Promise<boolean | undefined> {
  const resourceAttributes = { verb, group, resource, ...(namespace === undefined ? {} : { namespace }) };
  try {
    const said = await transport.review({ kind: "SelfSubjectAccessReview", spec: { resourceAttributes } });
    return answer.parse(said).status.allowed;
  } catch {
    // A server that cannot be asked is asked by trying.
    return undefined;
  }
}
