import { metadataFields } from "../api/fields.ts";
import { plainOutline } from "../api/outline.ts";
import type { Resource, Strategy } from "../api/resource.ts";
import { methodNotAllowed } from "../api/status.ts";
import { objectAt, type ApiObject } from "../storage/api-object.ts";
import { definitionOf, type Definition } from "./definition.ts";
import { withDefaults } from "./defaulting.ts";
import { columnsOf } from "./printer-columns.ts";
import { pruneObject } from "./pruning.ts";
import { validateValue } from "./validation.ts";

type Version = Definition["versions"][number];

/** One row for each version that a stored definition serves; all of them share one storage. */
export function customResources(object: ApiObject): readonly Resource[] {
  const definition = definitionOf(object);
  return definition.versions.filter(({ isServed }) => isServed).map((version) => rowOf(definition, version));
}

function rowOf(definition: Definition, version: Version): Resource {
  const { name, group, plural, singular, kind, isNamespaced, shortNames, categories, versions } = definition;
  const stored = versions.find(({ isStored }) => isStored) ?? version;
  const inVersion = (apiVersion: string) => (shown: ApiObject) => ({ ...shown, apiVersion });
  const conversion = {
    fromStorage: inVersion(`${group}/${version.name}`),
    toStorage: inVersion(`${group}/${stored.name}`),
  };
  return {
    storage: name,
    group,
    version: version.name,
    plural,
    singular,
    kind,
    isNamespaced,
    shortNames,
    categories,
    hasStatus: version.hasStatus,
    hasGeneration: true,
    hasScale: version.hasScale,
    fields: metadataFields,
    columns: columnsOf(version.printerColumns),
    outline: plainOutline,
    strategy: strategyOf(definition, version),
    conversion: version === stored ? undefined : conversion,
    schema: version.schema,
  };
}

/** Unknown members go, defaults come, and the result is held against the schema. */
function strategyOf({ isTerminating }: Definition, { schema, hasStatus }: Version): Strategy {
  const validate = (object: ApiObject) => validateValue(object, withoutMetadata(schema));
  return {
    prune: (object) => pruneObject(object, schema),
    prepareForCreate: (object) => {
      // Upstream says the same: what is created now would have to be deleted next.
      if (isTerminating) throw methodNotAllowed();
      return defaulted(hasStatus ? withoutStatus(object) : object, schema);
    },
    prepareForUpdate: (object) => defaulted(object, schema),
    validate,
    validateStatus: validate,
  };
}

function defaulted(object: ApiObject, schema: Version["schema"]): ApiObject {
  return { ...object, ...withDefaults(object, schema), metadata: object.metadata };
}

function withoutStatus(object: ApiObject): ApiObject {
  const { apiVersion, kind, metadata } = object;
  const { status: _, ...rest } = object;
  return { ...rest, apiVersion, kind, metadata };
}

/** The metadata has rules of its own, whatever a schema adds to them. */
function withoutMetadata(schema: Version["schema"]): Version["schema"] {
  const { metadata: _, ...properties } = objectAt(schema, "properties");
  return { ...schema, properties };
}
