import type { ApiObject } from "../storage/api-object.ts";
import type { Schema } from "../definitions/schema.ts";
import type { FieldError } from "./status.ts";
import type { SelectableFields } from "./field-selector.ts";
import type { Outline } from "./outline.ts";
import type { Column } from "./table.ts";

/** How one group and version speaks of a resource whose storage is in another. */
export interface Conversion {
  readonly fromStorage: (object: ApiObject) => ApiObject;
  readonly toStorage: (object: ApiObject) => ApiObject;
}

/** What a strategy may ask about the rest of the cluster. */
export interface StrategyContext {
  readonly now: string;
  /** Another object, by resource and key. */
  readonly find: (resource: string, key: string) => ApiObject | undefined;
}

/** What happens to an object of one resource on its way to storage, beyond what happens to all of them. */
export interface Strategy {
  /** What is left when members that the schema does not know are dropped, and their paths. */
  readonly prune?: (object: ApiObject) => { readonly value: ApiObject; readonly unknown: readonly string[] };
  /** Fills in what a real server fills in; may throw a `StatusError` where admission refuses. */
  readonly prepareForCreate?: (object: ApiObject, context: StrategyContext) => ApiObject;
  readonly prepareForUpdate?: (object: ApiObject, stored: ApiObject, context: StrategyContext) => ApiObject;
  readonly validate?: (object: ApiObject) => readonly FieldError[];
  readonly validateUpdate?: (updated: ApiObject, stored: ApiObject) => readonly FieldError[];
  /** For what is written through the status subresource. */
  readonly validateStatus?: (object: ApiObject) => readonly FieldError[];
}

/** One row of the resource table: all the server knows about a kind. */
export interface Resource {
  /** Where the objects are kept: `pods`, `leases.coordination.k8s.io`. Two rows may share it. */
  readonly storage: string;
  readonly group: string;
  readonly version: string;
  /** `pods` */
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly isNamespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** With a status subresource neither endpoint writes the other's half. */
  readonly hasStatus: boolean;
  /** Whether `generation` counts changes of all but the metadata and the status. */
  readonly hasGeneration: boolean;
  readonly hasScale: boolean;
  readonly fields: SelectableFields;
  readonly columns: readonly Column[];
  readonly outline: Outline;
  readonly strategy: Strategy;
  readonly conversion: Conversion | undefined;
  /** Of a resource that a CustomResourceDefinition defines. */
  readonly schema: Schema | undefined;
}

/** `v1/pods`, `apps/v1/deployments`. */
export function resourceKeyOf(resource: Pick<Resource, "group" | "version" | "plural">): string {
  return `${apiVersionOf(resource)}/${resource.plural}`;
}

export function apiVersionOf({ group, version }: Pick<Resource, "group" | "version">): string {
  return group === "" ? version : `${group}/${version}`;
}
