import type { JsonValue } from "#lib/protocol/index.ts";

export class YamlError extends Error {
  override readonly name = "YamlError";
}

/**
 * One document. Few send any, and the parser comes with a large package: who does pays for it.
 *
 * @throws YamlError
 */
export async function parseYaml(text: string): Promise<JsonValue> {
  const { loadYaml } = await import("@kubernetes/client-node");
  try {
    // Dates become the texts that JSON has for them.
    return JSON.parse(JSON.stringify(loadYaml(text) ?? {})) as JsonValue;
  } catch (error) {
    throw new YamlError(error instanceof Error ? error.message : "not a YAML document");
  }
}
