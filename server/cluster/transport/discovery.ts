import { z } from "zod";
import { DecodeError } from "#lib/informer/index.ts";
import { isSecret } from "#server/cluster/redaction/index.ts";
import type { ResourceName } from "./resource-path.ts";

/** A kind that the cluster serves, in the version it prefers. */
export interface ApiResource extends ResourceName {
  readonly kind: string;
  readonly isNamespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
}

/** Fetches a small answer as parsed JSON. */
export type GetJson = (path: string, accept?: string) => Promise<unknown>;

const aggregated = ["v2", "v2beta1"].map(
  (version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
);
const accept = [...aggregated, "application/json"].join(",");

/** A server without aggregated discovery is asked once per group and version, this many at a time. */
const atOnce = 8;

/**
 * What an informer can be started for: everything that can be listed and watched, but Secrets. One request for the
 * core and one for all groups where the server aggregates, else a walk. Upstream: `discovery.DiscoveryClient`.
 *
 * A group whose server does not answer is left out: it must not hide the others.
 */
export async function discover(getJson: GetJson): Promise<readonly ApiResource[]> {
  const [core, groups] = await Promise.all([getJson("/api", accept), getJson("/apis", accept)]);
  const found = [...(await resourcesOf(core, getJson)), ...(await resourcesOf(groups, getJson))];
  return preferred(found).filter(
    (resource) => !isSecret(resource) && resource.verbs.includes("list") && resource.verbs.includes("watch"),
  );
}

/** `v1.36.3` */
export async function serverVersion(getJson: GetJson): Promise<string> {
  return parsed(versionSchema, await getJson("/version")).gitVersion;
}

const versionSchema = z.looseObject({ gitVersion: z.string() });

const texts = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);

const aggregatedSchema = z.looseObject({
  kind: z.literal("APIGroupDiscoveryList"),
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({ name: z.string().nullish() }).nullish(),
      versions: z
        .array(
          z.looseObject({
            version: z.string(),
            resources: z
              .array(
                z.looseObject({
                  resource: z.string(),
                  responseKind: z.looseObject({ kind: z.string() }).nullish(),
                  scope: z.string(),
                  verbs: texts,
                  shortNames: texts,
                }),
              )
              .nullish(),
          }),
        )
        .nullish(),
    }),
  ),
});

const versionsSchema = z.looseObject({ kind: z.literal("APIVersions"), versions: texts });

const groupsSchema = z.looseObject({
  kind: z.literal("APIGroupList"),
  groups: z.array(
    z.looseObject({
      name: z.string(),
      versions: z.array(z.looseObject({ version: z.string() })),
      preferredVersion: z.looseObject({ version: z.string() }).nullish(),
    }),
  ),
});

const resourcesSchema = z.looseObject({
  resources: z
    .array(
      z.looseObject({ name: z.string(), kind: z.string(), namespaced: z.boolean(), verbs: texts, shortNames: texts }),
    )
    .nullish(),
});

async function resourcesOf(root: unknown, getJson: GetJson): Promise<readonly ApiResource[]> {
  const whole = aggregatedSchema.safeParse(root);
  if (whole.success) return aggregatedResources(whole.data);
  const core = versionsSchema.safeParse(root);
  if (core.success)
    return walk(
      core.data.versions.map((version) => ({ group: "", version })),
      getJson,
    );
  const { groups } = parsed(groupsSchema, root);
  const versions = groups.flatMap(({ name, versions, preferredVersion }) => {
    const names = versions.map(({ version }) => version);
    const first = preferredVersion?.version;
    const ordered = first === undefined ? names : [first, ...names.filter((version) => version !== first)];
    return ordered.map((version) => ({ group: name, version }));
  });
  return walk(versions, getJson);
}

function aggregatedResources({ items }: z.output<typeof aggregatedSchema>): readonly ApiResource[] {
  return items.flatMap(({ metadata, versions }) =>
    (versions ?? []).flatMap(({ version, resources }) =>
      (resources ?? []).map(({ resource, responseKind, scope, verbs, shortNames }) => ({
        group: metadata?.name ?? "",
        version,
        resource,
        kind: responseKind?.kind ?? resource,
        isNamespaced: scope === "Namespaced",
        verbs,
        shortNames,
      })),
    ),
  );
}

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

async function walk(versions: readonly GroupVersion[], getJson: GetJson): Promise<readonly ApiResource[]> {
  const found: (readonly ApiResource[])[] = [];
  for (let at = 0; at < versions.length; at += atOnce) {
    const answers = await Promise.allSettled(
      versions.slice(at, at + atOnce).map((one) => legacyResources(one, getJson)),
    );
    for (const answer of answers) if (answer.status === "fulfilled") found.push(answer.value);
  }
  return found.flat();
}

async function legacyResources({ group, version }: GroupVersion, getJson: GetJson): Promise<readonly ApiResource[]> {
  const { resources } = parsed(
    resourcesSchema,
    await getJson(group === "" ? `/api/${version}` : `/apis/${group}/${version}`),
  );
  return (resources ?? [])
    .filter(({ name }) => !name.includes("/"))
    .map(({ name, kind, namespaced, verbs, shortNames }) => ({
      group,
      version,
      resource: name,
      kind,
      isNamespaced: namespaced,
      verbs,
      shortNames,
    }));
}

/** Versions come best first; of each resource only the first counts. */
function preferred(resources: readonly ApiResource[]): readonly ApiResource[] {
  const byName = new Map<string, ApiResource>();
  for (const resource of resources) {
    const name = `${resource.group}/${resource.resource}`;
    if (!byName.has(name)) byName.set(name, resource);
  }
  return [...byName.values()];
}

function parsed<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new DecodeError("the answer is not what a Kubernetes API server says about what it serves");
}
