import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { z } from "zod";

/** One kind of object as the client library describes it. */
export interface Model {
  readonly description: string;
  readonly fields: readonly ModelField[];
}

interface ModelField {
  readonly name: string;
  /** `string`, `Array<V1Container>`, `{ [key: string]: string; }` */
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly isRequired: boolean;
}

const attributes = z.array(z.object({ name: z.string(), baseName: z.string(), type: z.string(), format: z.string() }));

const models = new Map<string, Model | undefined>();
let folder: string | undefined;

/**
 * The kinds of Kubernetes are described by the library that we have anyway. Its files are read, not loaded: what is asked
 * for costs a few milliseconds once, where all of it would cost a second and 80 MB.
 */
export function findModel(name: string): Model | undefined {
  if (!models.has(name)) models.set(name, /^\w+$/.test(name) ? readModel(name) : undefined);
  return models.get(name);
}

function readModel(name: string): Model | undefined {
  const library = createRequire(import.meta.url).resolve("@kubernetes/client-node/package.json");
  folder ??= join(dirname(library), "dist", "gen", "models");
  const path = join(folder, name);
  if (!existsSync(`${path}.js`)) return undefined;
  const declaration = readFileSync(`${path}.d.ts`, "utf8");
  const members = membersOf(declaration);
  const fields = attributesOf(readFileSync(`${path}.js`, "utf8")).map(({ name: member, baseName, type, format }) => {
    const { description = "", isRequired = false } = members.get(member) ?? {};
    return { name: baseName, type, format, description, isRequired };
  });
  return { description: descriptionOf(declaration), fields };
}

function attributesOf(program: string) {
  const start = "attributeTypeMap = [";
  const from = program.indexOf(start) + start.length - 1;
  return attributes.parse(JSON.parse(program.slice(from, program.indexOf("\n];", from) + 2)));
}

function membersOf(declaration: string) {
  const body = declaration.slice(declaration.indexOf("export declare class"));
  const members = body.matchAll(/(?:\/\*\*\n([^]*?)\*\/\s*)?'([^']+)'(\?)?: /g);
  return new Map(
    [...members].map(([, comment = "", name = "", optional]) => {
      return [name, { description: plainText(comment), isRequired: optional === undefined }] as const;
    }),
  );
}

function descriptionOf(declaration: string): string {
  const end = declaration.indexOf("*/\nexport declare class");
  return end < 0 ? "" : plainText(declaration.slice(declaration.lastIndexOf("/**", end) + 3, end));
}

function plainText(comment: string): string {
  const lines = comment.split("\n").map((line) => line.replace(/^\s*\* ?/, ""));
  return lines
    .join("\n")
    .trim()
    .replaceAll(/\\(["'])/g, "$1");
}
