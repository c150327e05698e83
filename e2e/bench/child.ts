import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Runs a measuring program in a process of its own. Answers the values that it printed, one JSON value a line. */
export async function valuesOf(program: string, args: readonly string[]): Promise<unknown[]> {
  const { stdout } = await execute(program, args, { maxBuffer: 1 << 26 });
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as unknown);
}

/** The same for a TypeScript file beside this one. `flags` are for Node. */
export function valuesOfScript(
  file: string,
  args: readonly string[],
  flags: readonly string[] = [],
): Promise<unknown[]> {
  return valuesOf(process.execPath, [...flags, fileURLToPath(new URL(file, import.meta.url)), ...args]);
}
