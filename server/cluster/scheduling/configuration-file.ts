import { readFileSync } from "node:fs";
import { readConfiguration } from "#lib/scheduler/index.ts";
import { parseYaml } from "../kubeconfig/yaml.ts";
import { assumedConfiguration, type KnownConfiguration } from "./scheduler-configuration.ts";

/** The file that was named. One that cannot be used leaves the defaults, and says why. */
export function configurationFromFile(path: string): KnownConfiguration {
  try {
    return { source: "file", from: path, configuration: readConfiguration(parseYaml(readFileSync(path, "utf8"))) };
  } catch (error) {
    return { ...assumedConfiguration, from: path, problem: error instanceof Error ? error.message : String(error) };
  }
}
