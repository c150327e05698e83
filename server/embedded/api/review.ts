import type { JsonObject } from "#lib/protocol/index.ts";
import { isJsonObject, textAt } from "../storage/api-object.ts";

/** Kinds that are asked, not stored: whoever holds the token may do everything. */
interface Review {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
  readonly isNamespaced: boolean;
  /** Of what the spec asks; `isOurs` knows the one token that there is. */
  readonly status: (spec: JsonObject, isOurs: (token: string) => boolean) => JsonObject;
}

const user = { username: "kube-inflight", groups: ["system:masters", "system:authenticated"] };
const everything = ["*"];
const allowed = (): JsonObject => ({ allowed: true, reason: "the token of the embedded cluster may do everything" });

export const reviews: readonly Review[] = [
  {
    group: "authentication.k8s.io",
    plural: "tokenreviews",
    kind: "TokenReview",
    isNamespaced: false,
    status: (spec, isOurs) => {
      if (!isOurs(textAt(spec, "token"))) return { authenticated: false, user: {}, error: "invalid bearer token" };
      return { authenticated: true, user };
    },
  },
  {
    group: "authentication.k8s.io",
    plural: "selfsubjectreviews",
    kind: "SelfSubjectReview",
    isNamespaced: false,
    status: () => ({ userInfo: user }),
  },
  {
    group: "authorization.k8s.io",
    plural: "selfsubjectaccessreviews",
    kind: "SelfSubjectAccessReview",
    isNamespaced: false,
    status: allowed,
  },
  {
    group: "authorization.k8s.io",
    plural: "subjectaccessreviews",
    kind: "SubjectAccessReview",
    isNamespaced: false,
    status: allowed,
  },
  {
    group: "authorization.k8s.io",
    plural: "selfsubjectrulesreviews",
    kind: "SelfSubjectRulesReview",
    isNamespaced: false,
    status: () => ({
      resourceRules: [{ verbs: everything, apiGroups: everything, resources: everything }],
      nonResourceRules: [{ verbs: everything, nonResourceURLs: everything }],
      incomplete: false,
    }),
  },
];

interface ReviewRequest {
  readonly body: JsonObject;
  readonly isOurs: (token: string) => boolean;
}

export function answerReview({ group, kind, status }: Review, { body, isOurs }: ReviewRequest): JsonObject {
  const spec = isJsonObject(body["spec"]) ? body["spec"] : {};
  const metadata = isJsonObject(body["metadata"]) ? body["metadata"] : {};
  return { kind, apiVersion: `${group}/v1`, metadata, spec, status: status(spec, isOurs) };
}

export function findReview(group: string, version: string, plural: string): Review | undefined {
  return version === "v1" ? reviews.find((review) => review.group === group && review.plural === plural) : undefined;
}
