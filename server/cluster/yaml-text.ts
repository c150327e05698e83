/** Words that YAML would read as something else than text, in one of its versions. */
const reserved = /^(?:true|false|null|yes|no|on|off|y|n|nan|inf|infinity)$/i;
const plain = /^[A-Za-z_/][\w./-]*$/;

/**
 * Plain data as YAML, in the order in which it stands. Written here because what the Kubernetes client has for it
 * writes an object as its type says, and so takes apart what was replaced by a text, and is too large for a worker.
 */
export function yamlText(value: unknown): string {
  return `${isBlock(value) ? block(value, "").trimStart() : scalar(value)}\n`;
}

type Block = readonly unknown[] | Readonly<Record<string, unknown>>;

function isBlock(value: unknown): value is Block {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

/** Begins with a line break. */
function block(value: Block, indent: string): string {
  if (Array.isArray(value)) return value.map((item: unknown) => `\n${indent}- ${inItem(item, indent)}`).join("");
  return Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([key, field]) => `\n${indent}${scalar(key)}:${inField(field, indent)}`)
    .join("");
}

/** The first line of a block stands behind the dash. */
function inItem(item: unknown, indent: string): string {
  return isBlock(item) ? block(item, `${indent}  `).trimStart() : scalar(item);
}

/** A list is as far to the right as its key, as kubectl writes it. */
function inField(field: unknown, indent: string): string {
  if (!isBlock(field)) return ` ${scalar(field)}`;
  return block(field, Array.isArray(field) ? indent : `${indent}  `);
}

/** JSON is a part of YAML, so whatever is not plain is written as JSON. */
function scalar(value: unknown): string {
  if (typeof value === "string" && plain.test(value) && !reserved.test(value)) return value;
  return JSON.stringify(value ?? null);
}
