import type { JsonValue } from "#lib/protocol/index.ts";
import { isJsonObject, isList, objectAt } from "../storage/api-object.ts";
import { itemSchema, memberSchema, type Schema } from "../definitions/schema.ts";
import type { Resource } from "../api/resource.ts";
import type { ListKeys } from "./field-tree.ts";

/** How a value is owned: whole, or piece by piece. */
export interface FieldShape {
  /** An object that is replaced whole. */
  readonly isAtomic: boolean;
  readonly list: "atomic" | "set" | ListKeys;
  member(name: string): FieldShape;
  /** Of an item of the list. */
  item(): FieldShape;
}

/** The names of keyed lists among the kinds of this server; a list that is not named here is owned whole. Upstream: `+listMapKey`. */
const keyedLists: Readonly<Record<string, ListKeys>> = {
  ...Object.fromEntries(
    [
      "containers",
      "drivers",
      "env",
      "ephemeralContainers",
      "imagePullSecrets",
      "initContainers",
      "resourceClaims",
      "resourceClaimStatuses",
      "claims",
      "schedulingGates",
      "secrets",
      "volumes",
    ].map((list) => [list, { name: undefined }]),
  ),
  addresses: { type: undefined },
  conditions: { type: undefined },
  hostAliases: { ip: undefined },
  ownerReferences: { uid: undefined },
  podIPs: { ip: undefined },
  topologySpreadConstraints: { topologyKey: undefined, whenUnsatisfiable: undefined },
  volumeDevices: { devicePath: undefined },
  volumeMounts: { mountPath: undefined },
};

const sets = new Set(["finalizers", "podCIDRs"]);

/** Upstream: `+structType=atomic` and `+mapType=atomic`. */
const atomicObjects = new Set([
  "claimRef",
  "configMapKeyRef",
  "fieldRef",
  "involvedObject",
  "labelSelector",
  "matchLabelKeys",
  "namespaceSelector",
  "nodeSelector",
  "objectSelector",
  "regarding",
  "related",
  "required",
  "requiredDuringSchedulingIgnoredDuringExecution",
  "resourceFieldRef",
  "secretKeyRef",
  "secretRef",
  "selector",
]);

const shapes = new Map<string, FieldShape>();

/** Of a member of a built-in kind. Names are unambiguous, but for ports. */
function builtInShape(kind: string, name: string): FieldShape {
  const key = `${kind}/${name}`;
  const known = shapes.get(key);
  if (known !== undefined) return known;
  const shape: FieldShape = {
    isAtomic: atomicObjects.has(name),
    list: builtInList(kind, name),
    member: (member) => builtInShape(kind, member),
    item: () => builtInShape(kind, ""),
  };
  shapes.set(key, shape);
  return shape;
}

function builtInList(kind: string, name: string): FieldShape["list"] {
  if (name === "ports") return { [kind === "Service" ? "port" : "containerPort"]: undefined, protocol: "TCP" };
  if (sets.has(name)) return "set";
  return (Object.hasOwn(keyedLists, name) ? keyedLists[name] : undefined) ?? "atomic";
}

function definedShape(schema: Schema): FieldShape {
  return {
    isAtomic: schema["x-kubernetes-map-type"] === "atomic",
    list: definedList(schema),
    member: (name) => definedShape(memberSchema(schema, name) ?? {}),
    item: () => definedShape(itemSchema(schema)),
  };
}

function definedList(schema: Schema): FieldShape["list"] {
  const type: JsonValue | undefined = schema["x-kubernetes-list-type"];
  if (type === "set") return "set";
  const keys = schema["x-kubernetes-list-map-keys"];
  if (type !== "map" || !isList(keys)) return "atomic";
  const properties = objectAt(itemSchema(schema), "properties");
  return Object.fromEntries(
    keys
      .filter((key) => typeof key === "string")
      .map((key) => [key, isJsonObject(properties[key]) ? properties[key]["default"] : undefined]),
  );
}

/** Of a whole object. What every object has is shaped alike, whatever defines the rest. */
export function shapeOf({ kind, schema }: Pick<Resource, "kind" | "schema">): FieldShape {
  if (schema === undefined) return builtInShape(kind, "");
  const defined = definedShape(schema);
  return { ...defined, member: (name) => (name === "metadata" ? builtInShape(kind, name) : defined.member(name)) };
}
