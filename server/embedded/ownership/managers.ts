import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { isJsonObject, isList, textAt } from "../storage/api-object.ts";
import { fieldsV1, isEmpty, treeFrom, type FieldTree } from "./field-tree.ts";

/** Who wrote what of an object: one entry of `metadata.managedFields`. */
export interface Manager {
  readonly name: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string;
  readonly fields: FieldTree;
}

export type ManagerIdentity = Omit<Manager, "time" | "fields">;

export function isSameManager(a: ManagerIdentity, b: ManagerIdentity): boolean {
  const isSameName = a.name === b.name && a.operation === b.operation;
  return isSameName && a.apiVersion === b.apiVersion && a.subresource === b.subresource;
}

export function managersFrom(managedFields: JsonValue | undefined): readonly Manager[] {
  if (!isList(managedFields)) return [];
  return managedFields.filter(isJsonObject).flatMap((entry) => {
    const operation = textAt(entry, "operation");
    if (operation !== "Apply" && operation !== "Update") return [];
    return {
      name: textAt(entry, "manager"),
      operation,
      apiVersion: textAt(entry, "apiVersion"),
      subresource: textAt(entry, "subresource"),
      time: textAt(entry, "time"),
      fields: treeFrom(entry["fieldsV1"]),
    };
  });
}

/** Those who own nothing are left out; who applies stands before who updates, then the earlier before the later. */
export function managedFieldsOf(managers: readonly Manager[]): readonly JsonObject[] {
  const sorted = managers.filter(({ fields }) => !isEmpty(fields)).toSorted(byPlace);
  return sorted.map(({ name, operation, apiVersion, subresource, time, fields }) => ({
    manager: name,
    operation,
    apiVersion,
    time,
    fieldsType: "FieldsV1",
    fieldsV1: fieldsV1(fields),
    ...(subresource === "" ? {} : { subresource }),
  }));
}

function byPlace(a: Manager, b: Manager): number {
  const place = ({ operation, time, name }: Manager): string => `${operation} ${time} ${name}`;
  return place(a) < place(b) ? -1 : Number(place(a) > place(b));
}
