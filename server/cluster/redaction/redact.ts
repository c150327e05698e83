import type { KubeObject } from "#lib/kube/index.ts";
import { isReadAnnotation } from "./annotations.ts";
import { schedulerWroteAt, type Ingested } from "./managed-fields.ts";

/** What stands in place of a value that is not kept. */
export const redacted = "(redacted)";

type Fields = Record<string, unknown>;

/** What a container may be handed secrets by. As a text they count only beside an image. */
const containerFields: ReadonlySet<string> = new Set(["env", "envFrom", "args", "command", "httpHeaders"]);

/** What a ConfigMap or a Secret holds, also one that is a part of another object. */
const contentFields: ReadonlySet<string> = new Set(["data", "stringData", "binaryData"]);

/** Maps from a name that somebody chose to a text: `env` is a name like any other there. */
const labelFields: ReadonlySet<string> = new Set(["labels", "matchLabels", "nodeSelector", "selector"]);

/**
 * Takes out of an object what may be secret, in place, before anything is kept. It goes by structure, at any depth, so
 * that custom resources are covered as built-in ones are: what is hidden without need is cheaper than what is shown.
 *
 * Idempotent, and it writes to nothing that is clean already: an informer runs it twice, and freezes what it keeps.
 */
export function redact<T extends KubeObject>(object: T): Ingested<T> {
  const wroteAt = schedulerWroteAt(object);
  const fields = object as Fields;
  if (wroteAt !== undefined && fields["schedulerWroteAt"] !== wroteAt) fields["schedulerWroteAt"] = wroteAt;
  // Not recursive: how deep a custom resource goes is up to whoever wrote it.
  const pending: object[] = [object];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (Array.isArray(next)) {
      for (const element of next as readonly unknown[]) if (isObject(element)) pending.push(element);
    } else redactFields(next as Fields, pending);
  }
  return object;
}

/** @param pending receives the objects below that are still to be looked at */
function redactFields(fields: Fields, pending: object[]): void {
  for (const key in fields) {
    const value = fields[key];
    if (value === redacted || value === null || value === undefined) continue;
    if (key === "opaque" && isObject(value)) redactParameters(value);
    if (containerFields.has(key)) {
      if (typeof value === "object" || "image" in fields) fields[key] = redacted;
    } else if (contentFields.has(key)) {
      fields[key] = redacted;
    } else if (key === "managedFields") {
      delete fields[key];
    } else if (isObject(value)) {
      if (isAnnotations(key)) redactAnnotations(value, pending);
      else if (!isLabels(key, value)) pending.push(value);
    }
  }
}

/** What a driver of devices is told: nobody but the driver knows what it is. */
function redactParameters(configuration: object): void {
  const fields = configuration as Fields;
  if ("parameters" in fields && fields["parameters"] !== redacted) fields["parameters"] = redacted;
}

/** Also `podAnnotations` and the like, which custom resources have. */
function isAnnotations(key: string): boolean {
  return key === "annotations" || key.endsWith("Annotations");
}

function redactAnnotations(annotations: object, pending: object[]): void {
  const fields = annotations as Fields;
  for (const key in fields) {
    if (fields[key] === redacted || isReadAnnotation(key)) continue;
    // A list or a map of that name is something else.
    if (isObject(fields[key])) pending.push(fields[key]);
    else fields[key] = redacted;
  }
}

/** A label selector has its labels one level deeper, and is looked through like anything else. */
function isLabels(key: string, value: object): boolean {
  if (!labelFields.has(key) || Array.isArray(value)) return false;
  for (const name in value) if (typeof (value as Fields)[name] !== "string") return false;
  return true;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
