import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import type { Resource } from "../api/resource.ts";
import { isJsonObject, isList } from "../storage/api-object.ts";
import { modelNameOf } from "./built-in-schemas.ts";
import { findModel } from "./models.ts";

/** The paths of members that a built-in kind does not have. Of what nobody describes, none. */
export function unknownFields(resource: Resource, object: JsonObject): readonly string[] {
  return unknownIn(object, modelNameOf(resource), "");
}

function unknownIn(value: JsonValue | undefined, type: string, path: string): readonly string[] {
  const items = /^Array<(.*)>$/.exec(type)?.[1];
  if (items !== undefined) {
    return isList(value) ? value.flatMap((item, index) => unknownIn(item, items, `${path}[${index}]`)) : [];
  }
  if (!isJsonObject(value)) return [];
  const values = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
  const fields = values === undefined ? findModel(type)?.fields : undefined;
  if (values === undefined && fields === undefined) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const at = path === "" ? name : `${path}.${name}`;
    const memberType = values ?? fields?.find((field) => field.name === name)?.type;
    return memberType === undefined ? [at] : unknownIn(member, memberType, at);
  });
}
