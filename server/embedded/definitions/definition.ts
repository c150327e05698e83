import type { JsonObject } from "#lib/protocol/index.ts";
import { isList, listAt, lookup, objectAt, textAt, type ApiObject } from "../storage/api-object.ts";
import type { Schema } from "./schema.ts";

/** Where definitions are kept, and the group that serves them. */
export const definitionGroup = "apiextensions.k8s.io";
export const definitionStorage = `customresourcedefinitions.${definitionGroup}`;

/** Holds a definition until its objects are gone. */
export const cleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

/** A CustomResourceDefinition as this server reads it. */
export interface Definition {
  /** `widgets.example.com`, which is also where its objects are kept. */
  readonly name: string;
  readonly group: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly isNamespaced: boolean;
  readonly isTerminating: boolean;
  readonly versions: readonly DefinitionVersion[];
}

interface DefinitionVersion {
  readonly name: string;
  readonly isServed: boolean;
  readonly isStored: boolean;
  readonly schema: Schema;
  readonly printerColumns: readonly JsonObject[];
  readonly hasStatus: boolean;
  readonly hasScale: boolean;
}

export function definitionOf(object: ApiObject): Definition {
  const names = objectAt(object, "spec", "names");
  const kind = textAt(names, "kind");
  return {
    name: object.metadata.name ?? "",
    group: textAt(object, "spec", "group"),
    plural: textAt(names, "plural"),
    singular: textAt(names, "singular") || kind.toLowerCase(),
    kind,
    listKind: textAt(names, "listKind") || `${kind}List`,
    shortNames: textsAt(names, "shortNames"),
    categories: textsAt(names, "categories"),
    isNamespaced: textAt(object, "spec", "scope") === "Namespaced",
    isTerminating: object.metadata.deletionTimestamp !== undefined,
    versions: listAt(object, "spec", "versions").map(versionOf),
  };
}

function versionOf(version: JsonObject): DefinitionVersion {
  return {
    name: textAt(version, "name"),
    isServed: version["served"] === true,
    isStored: version["storage"] === true,
    schema: objectAt(version, "schema", "openAPIV3Schema"),
    printerColumns: listAt(version, "additionalPrinterColumns"),
    hasStatus: lookup(version, "subresources", "status") !== undefined,
    // Other places than those of a workload are not followed.
    hasScale: textAt(version, "subresources", "scale", "specReplicasPath") === ".spec.replicas",
  };
}

function textsAt(object: JsonObject, name: string): readonly string[] {
  const list = object[name];
  return isList(list) ? list.filter((item) => typeof item === "string") : [];
}
