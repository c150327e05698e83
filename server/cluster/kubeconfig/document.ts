import { z } from "zod";
import { KubeconfigError } from "./kubeconfig-error.ts";
import { parseYaml, YamlError } from "./yaml.ts";

/** One named entry, not yet looked into: a broken one harms only the contexts that use it. */
export interface Entry {
  readonly name: string;
  readonly value: unknown;
  /** The file it stands in, as it is shown. */
  readonly origin: string;
  /** What relative paths in it are relative to; absent for text that is no file. */
  readonly directory?: string;
}

export interface Kubeconfig {
  /** The files that were read, in the order of merging. */
  readonly files: readonly string[];
  readonly currentContext?: string;
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
}

const namedEntries = z
  .array(z.looseObject({ name: z.string().min(1) }))
  .nullish()
  .transform((entries) => entries ?? []);

const documentSchema = z.looseObject({
  contexts: namedEntries,
  clusters: namedEntries,
  users: namedEntries,
  "current-context": z.string().nullish(),
});

type NamedEntry = Readonly<Record<string, unknown>> & { readonly name: string };

/** @param origin the file, as it is shown in errors */
export function parseKubeconfig(text: string, origin: string, directory?: string): Kubeconfig {
  const parsed = documentSchema.safeParse(yamlOf(text, origin) ?? {});
  if (!parsed.success) {
    throw malformed(origin, parsed.error.issues.map(({ path, message }) => describeIssue(path, message)).join("; "));
  }
  const { contexts, clusters, users, "current-context": currentContext } = parsed.data;
  const entries = (list: readonly NamedEntry[], key: string): ReadonlyMap<string, Entry> => {
    const result = new Map<string, Entry>();
    for (const entry of list) {
      const { name } = entry;
      if (result.has(name)) throw malformed(origin, `there are two entries named ${name} under ${key}s`);
      result.set(name, { name, value: entry[key], origin, ...(directory === undefined ? {} : { directory }) });
    }
    return result;
  };
  return {
    files: [origin],
    ...(currentContext === undefined || currentContext === null || currentContext === "" ? {} : { currentContext }),
    contexts: entries(contexts, "context"),
    clusters: entries(clusters, "cluster"),
    users: entries(users, "user"),
  };
}

/** Of entries with one name the first wins, as it does for kubectl; so does the first current context. */
export function mergeKubeconfigs(parts: readonly Kubeconfig[]): Kubeconfig {
  const currentContext = parts.find((part) => part.currentContext !== undefined)?.currentContext;
  const merged = (list: (part: Kubeconfig) => ReadonlyMap<string, Entry>): ReadonlyMap<string, Entry> => {
    const result = new Map<string, Entry>();
    for (const part of parts) {
      for (const [name, entry] of list(part)) if (!result.has(name)) result.set(name, entry);
    }
    return result;
  };
  return {
    files: parts.flatMap(({ files }) => files),
    ...(currentContext === undefined ? {} : { currentContext }),
    contexts: merged(({ contexts }) => contexts),
    clusters: merged(({ clusters }) => clusters),
    users: merged(({ users }) => users),
  };
}

/** `users[3].name: expected string` */
export function describeIssue(path: readonly PropertyKey[], message: string): string {
  const place = path.reduce<string>((all, key) => {
    if (typeof key === "number") return `${all}[${key}]`;
    return all === "" ? String(key) : `${all}.${String(key)}`;
  }, "");
  const said = message.replace(/^Invalid input: /, "");
  return place === "" ? said : `${place}: ${said}`;
}

function yamlOf(text: string, origin: string): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw malformed(origin, error.message);
  }
}

function malformed(origin: string, what: string): KubeconfigError {
  return new KubeconfigError(
    "kubeconfig-malformed",
    `${origin} is not a kubeconfig: ${what}.`,
    "Correct the file, or name another one with --kubeconfig or $KUBECONFIG.",
  );
}
