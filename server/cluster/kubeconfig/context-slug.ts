import { createHash } from "node:crypto";

const maxLength = 63;

/**
 * An id for each context that can stand in a URL and does not change when other contexts come and go: names that
 * would share one carry a piece of their hash.
 *
 * @param reserved ids that something else has
 */
export function contextSlugs(names: Iterable<string>, reserved: Iterable<string> = []): ReadonlyMap<string, string> {
  const plain = [...names].map((name) => [name, plainSlug(name)] as const);
  const uses = new Map<string, number>([...reserved].map((slug) => [slug, 1]));
  for (const [, slug] of plain) uses.set(slug, (uses.get(slug) ?? 0) + 1);
  return new Map(
    plain.map(([name, slug]) => {
      const isExact = slug !== "" && slug.length <= maxLength && uses.get(slug) === 1;
      return [name, isExact ? slug : withHash(slug, name)];
    }),
  );
}

function plainSlug(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
}

function withHash(slug: string, name: string): string {
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${slug.slice(0, maxLength - hash.length - 1) || "context"}-${hash}`;
}
