import type { ApiObject } from "../storage/api-object.ts";
import { badRequest } from "./status.ts";

/** The fields by which a resource can be selected, and how each is read from the stored object. */
export type SelectableFields = Readonly<Record<string, (object: ApiObject) => string>>;

type FieldMatcher = (object: ApiObject) => boolean;

/** `undefined` for a selector that selects everything. Upstream: `fields.ParseSelector`; there is only `=`, `==`, `!=`. */
export function parseFieldSelector(text: string, fields: SelectableFields): FieldMatcher | undefined {
  if (text.trim() === "") return undefined;
  const terms = text.split(/(?<!\\),/).filter((term) => term !== "");
  const matchers = terms.map((term) => parseTerm(term, fields));
  return (object) => matchers.every((matches) => matches(object));
}

function parseTerm(term: string, fields: SelectableFields): FieldMatcher {
  const parts = /^([^=!]+)(!=|==|=)(.*)$/s.exec(term);
  if (parts === null) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  const field = (parts[1] ?? "").trim();
  const read = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (read === undefined) throw badRequest(`field label not supported: ${field}`);
  const value = (parts[3] ?? "").replaceAll(/\\([\\,=])/g, "$1");
  const isEqual = parts[2] !== "!=";
  return (object) => (read(object) === value) === isEqual;
}
