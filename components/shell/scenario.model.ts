import type { GlyphState } from "#components/ui/index.ts";
import {
  podOfScenario,
  scenarioGroups,
  scenarioName,
  scenarios,
  type Scenario,
  type ScenarioGroup,
  type ScenarioName,
  type VerdictCode,
} from "#lib/protocol/index.ts";
import { pageHref } from "./cluster-choice.model.ts";

export interface NamedScenario extends Scenario {
  readonly name: ScenarioName;
}

/** What the chosen one is called, if it is one that this page knows. */
export function scenarioNamed(name: string | undefined): NamedScenario | undefined {
  const known = scenarioName.safeParse(name);
  return known.success ? { name: known.data, ...scenarios[known.data] } : undefined;
}

/** Those in which every word occurs, by group, in the order in which they are offered. */
export function scenariosFor(
  typed: string,
): readonly { readonly group: ScenarioGroup; readonly scenarios: readonly NamedScenario[] }[] {
  const words = typed.toLowerCase().split(/\s+/u);
  const found = Object.keys(scenarios)
    .flatMap((name) => scenarioNamed(name) ?? [])
    .filter(({ name, title, teaches, look }) => {
      const text = `${name} ${title} ${teaches} ${look}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  return scenarioGroups
    .map((group) => ({ group, scenarios: found.filter((each) => each.group === group) }))
    .filter((each) => each.scenarios.length > 0);
}

const glyphs: Partial<Record<VerdictCode, GlyphState>> = {
  "missed-event": "missed",
  "no-scheduler": "missed",
  "plugin-error": "missed",
  "stale-nomination": "missed",
  "not-watched": "unknown",
  "not-started": "bound",
  gated: "gated",
  backoff: "backoff",
  preempting: "backoff",
  queued: "active",
};

/** The shape of the verdict that it teaches; absent where it teaches none. */
export function glyphOfScenario({ verdict }: Scenario): GlyphState | undefined {
  return verdict === undefined ? undefined : (glyphs[verdict] ?? "unschedulable");
}

/** Where one looks once it plays. */
export function scenarioHref({ page, informer }: Scenario, cluster: string): string {
  const href = pageHref(page, cluster);
  return informer === undefined ? href : `${href}&resource=${encodeURIComponent(informer)}`;
}

/** The page of the pod that it is about, whichever pod has its name by then. */
export function scenarioPodHref({ name }: NamedScenario, cluster: string): string | undefined {
  const pod = podOfScenario(name);
  if (pod === undefined) return undefined;
  return `${pageHref("/pod", cluster)}&ns=${encodeURIComponent(pod.namespace)}&name=${encodeURIComponent(pod.name)}`;
}
