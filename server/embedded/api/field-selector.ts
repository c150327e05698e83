import type { ApiObject } from "../storage/api-object.ts";
import { badRequest } from "./status.ts";

/** The fields by which a resource can be selected, and how each is read from the stored object. */
export type SelectableFields = Readonly<Record<string, (object: ApiObject) => string>>;

export type FieldMatcher = (object: ApiObject) => boolean;

interface FieldSelector {
  readonly matches: FieldMatcher;
}

/** `undefined` for a selector that selects everything. Upstream: `fields.ParseSelector`; there is only `=`, `==`, `!=`. */
export function parseFieldSelector(text: string, fields: SelectableFields): FieldSelector | undefined {
  if (text.trim() === "") return undefined;
  const terms = text.split(/(?<!\\),/).filter((term) => term !== "");
  const parsed = terms.map((term) => parseTerm(term, fields));
  return {
    matches: (object) => parsed.every(({ read, value, isEqual }) => (read(object) === value) === isEqual),
  };
}

function parseTerm(term: string, fields: SelectableFields) {
  const parts = /^([^=!]+)(!=|==|=)(.*)$/s.exec(term);
  if (parts === null) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  const field = (parts[1] ?? "").trim();
  const read = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (read === undefined) throw badRequest(`field label not supported: ${field}`);
  const value = (parts[3] ?? "").replaceAll(/\\([\\,=])/g, "$1");
  return { field, read, value, isEqual: parts[2] !== "!=" };
}
