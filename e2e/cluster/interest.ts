import { hash } from "node:crypto";
import { z } from "zod";
import type { KubeObject } from "#lib/kube/index.ts";
import type { HandlerFilter } from "#lib/protocol/index.ts";
import type { KubeApi } from "#e2e/kube-api.ts";
import { widgets } from "./widgets.ts";

export const firePlaces = ["fire-0", "fire-1", "fire-2", "fire-3"] as const;
export const apps = ["a", "b", "c", "d"] as const;
export const tiers = ["gold", "silver"] as const;

/** What a registration wants to hear of: of an informer all that passes its filter. */
export interface Interest {
  /** Its key, with a field selector behind the question mark. */
  readonly informer: string;
  readonly filter: HandlerFilter;
  /** The same once more, in the API server's own terms, and as a function. */
  readonly selection: { readonly namespace?: string; readonly labelSelector?: string };
  readonly passes: (object: KubeObject) => boolean;
}

type Labels = Readonly<Record<string, string>>;

/** What may be asked of labels: in words for the server under test, for the API server, and as a function. */
interface LabelInterest {
  readonly filter: Pick<HandlerFilter, "labelSelector" | "cel">;
  readonly labelSelector?: string;
  readonly passes: (labels: Labels) => boolean;
}

const everything: LabelInterest = { filter: {}, passes: () => true };

/** Everything of an informer. */
export function allOf(informer: string): Interest {
  return { informer, filter: {}, selection: {}, passes: () => true };
}

export interface Listed {
  readonly uid: string;
  readonly resourceVersion: string;
}

const list = z.object({
  items: z.array(z.object({ metadata: z.object({ uid: z.string(), resourceVersion: z.string() }) })),
});

const informers = ["v1/pods", "v1/pods", "v1/pods", `v1/pods?metadata.namespace!=${firePlaces[0]}`, widgets, widgets];

export function someInterest(random: () => number): Interest {
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const informer = pick(informers);
  const namespace = random() < 0.4 ? pick(firePlaces) : undefined;
  const labels = pick([everything, ofApp(pick(apps)), ofTier(pick(tiers)), notGold]);
  const place = namespace === undefined ? {} : { namespace };
  const selector = labels.labelSelector === undefined ? {} : { labelSelector: labels.labelSelector };
  return {
    informer,
    filter: { ...place, ...labels.filter },
    selection: { ...place, ...selector },
    passes: ({ metadata }) =>
      (namespace === undefined || metadata.namespace === namespace) && labels.passes(metadata.labels ?? {}),
  };
}

function ofApp(app: string): LabelInterest {
  const labelSelector = `app=${app}`;
  return { filter: { labelSelector }, labelSelector, passes: (labels) => labels["app"] === app };
}

function ofTier(tier: string): LabelInterest {
  const filter = { cel: `object.metadata.labels.tier == "${tier}"` };
  return { filter, labelSelector: `tier=${tier}`, passes: (labels) => labels["tier"] === tier };
}

const notGold: LabelInterest = {
  filter: { labelSelector: "app in (a,b),tier!=gold" },
  labelSelector: "app in (a,b),tier!=gold",
  passes: ({ app = "", tier }) => ["a", "b"].includes(app) && tier !== "gold",
};

/** What the API server has of it now, from etcd itself. */
export async function listOf(api: KubeApi, { informer, selection }: Interest): Promise<readonly Listed[]> {
  const [resource = "", fieldSelector] = informer.split("?");
  const [name = "", ...groupVersion] = resource.split("/").reverse();
  const base = `${groupVersion.length === 1 ? "/api" : "/apis"}/${groupVersion.reverse().join("/")}`;
  const within = selection.namespace === undefined ? "" : `/namespaces/${selection.namespace}`;
  const query = new URLSearchParams();
  if (fieldSelector !== undefined) query.set("fieldSelector", fieldSelector);
  if (selection.labelSelector !== undefined) query.set("labelSelector", selection.labelSelector);
  const { items } = list.parse(await api.request("GET", `${base}${within}/${name}?${query.toString()}`));
  return items.map(({ metadata }) => metadata);
}

/** As the protocol defines it for a chain handler. */
export function digestOf(listed: readonly Listed[]): string {
  const joined = listed
    .map(({ uid, resourceVersion }) => BigInt(`0x${hash("sha256", `${uid} ${resourceVersion}`).slice(0, 16)}`))
    .reduce((all, one) => all ^ one, 0n);
  return joined.toString(16).padStart(16, "0");
}
