"use client";
import { useQueryClient } from "@tanstack/react-query";
import { reportOf, yamlOf } from "#components/live/index.ts";
import { formatPlural, toast } from "#components/ui/index.ts";
import type { PodRef } from "#lib/protocol/index.ts";

/** More than that nobody reads; each is one request. */
const most = 50;

export interface Copying {
  readonly copyReports: (pods: readonly PodRef[]) => void;
  readonly copyYaml: (pods: readonly PodRef[]) => void;
}

/** Takes what is known of some pods along: their reports as Markdown, or the objects themselves, redacted. */
export function useCopying(cluster: string): Copying {
  const client = useQueryClient();
  return {
    copyReports: (pods) =>
      copy(pods, {
        what: "report",
        separator: "\n\n---\n\n",
        ask: async ({ namespace, name }) => (await reportOf(cluster, namespace, name)).markdown.trim(),
      }),
    copyYaml: (pods) =>
      copy(pods, {
        what: "object",
        separator: "\n---\n",
        ask: async ({ namespace, name }) => (await client.fetchQuery(yamlOf(cluster, namespace, name))).yaml.trim(),
      }),
  };
}

interface CopyOptions {
  readonly what: string;
  readonly separator: string;
  readonly ask: (pod: PodRef) => Promise<string>;
}

function copy(pods: readonly PodRef[], { what, separator, ask }: CopyOptions): void {
  const taken = pods.slice(0, most);
  const leftOut = pods.length - taken.length;
  Promise.all(taken.map(ask))
    .then((texts) => navigator.clipboard.writeText(`${texts.join(separator)}\n`))
    .then(
      () =>
        toast(
          leftOut === 0
            ? `Copied: ${formatPlural(taken.length, what)}.`
            : `Copied: the first ${taken.length} ${what}s. ${formatPlural(leftOut, "pod")} left out.`,
        ),
      (error: unknown) => toast.error(error instanceof Error ? error.message : String(error)),
    );
}
