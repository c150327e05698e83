import {
  defaultConfiguration,
  readConfiguration,
  type SchedulerConfiguration as Configuration,
} from "#lib/scheduler/index.ts";
import type { SchedulerConfiguration } from "#lib/protocol/index.ts";

/** How the scheduler is configured, and how that is known. */
export interface KnownConfiguration {
  readonly source: SchedulerConfiguration["source"];
  readonly from?: string;
  readonly configuration: Configuration;
  /** Why it could not be read. */
  readonly problem?: string;
}

export const assumedConfiguration: KnownConfiguration = { source: "defaults", configuration: defaultConfiguration };

/**
 * What `/configz` shows: one component or several, each under its name.
 *
 * @throws NotAConfigurationError
 */
export function configurationFromConfigz(answer: unknown, from: string): KnownConfiguration {
  const components = typeof answer === "object" && answer !== null ? Object.values(answer) : [];
  let failure: unknown;
  for (const component of components) {
    try {
      return { source: "configz", from, configuration: readConfiguration(component) };
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure ?? new Error(`${from} shows no configuration`);
}

/** Whether two configurations let the same pods through at the same times. */
export function isSameConfiguration(one: Configuration, other: Configuration): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function describeConfiguration({
  source,
  from,
  configuration,
  problem,
}: KnownConfiguration): SchedulerConfiguration {
  return {
    source,
    ...(from === undefined ? {} : { from }),
    problems: [...(problem === undefined ? [] : [problem]), ...configuration.problems],
    profiles: configuration.profiles.map(({ addedAffinity, ...profile }) => ({
      schedulerName: profile.schedulerName,
      filterPlugins: [...profile.filterPlugins],
      gatingPlugins: [...profile.gatingPlugins],
      disabled: [...profile.disabled],
      unknown: [...profile.unknown],
      hasAddedAffinity: addedAffinity !== undefined,
    })),
    initialBackoffMs: configuration.podInitialBackoffMs,
    maxBackoffMs: configuration.podMaxBackoffMs,
  };
}
