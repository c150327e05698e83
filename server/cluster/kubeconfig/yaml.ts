import { loadYaml } from "@kubernetes/client-node";

/** Where a document stops being YAML, counted from 1, and why. Never with the text around it. */
export class YamlError extends Error {
  override readonly name = "YamlError";
}

/**
 * One YAML document as plain data; nothing for an empty one.
 *
 * @throws YamlError
 */
export function parseYaml(text: string): unknown {
  if (text.replaceAll(/^\s*(?:#.*|---\s*|\.\.\.\s*)$/gm, "").trim() === "") return undefined;
  try {
    return loadYaml<unknown>(text);
  } catch (error) {
    // No cause: the parser's error quotes the document.
    throw new YamlError(reasonOf(error));
  }
}

/** The parser's message has an excerpt of the document, so only its reason and place are taken. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error) || !("reason" in error) || typeof error.reason !== "string")
    return "not a YAML document";
  const mark = "mark" in error ? error.mark : undefined;
  if (typeof mark !== "object" || mark === null || !("line" in mark) || !("column" in mark)) return error.reason;
  return `line ${Number(mark.line) + 1}, column ${Number(mark.column) + 1}: ${error.reason}`;
}
