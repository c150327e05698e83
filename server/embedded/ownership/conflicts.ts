import { StatusError } from "../api/status.ts";
import { pathText, pathsOf, type FieldTree } from "./field-tree.ts";
import type { Manager } from "./managers.ts";

export interface Conflict {
  readonly manager: Manager;
  readonly fields: FieldTree;
}

/** In the words that kubectl shows. Upstream: `NewConflictError`. */
export function applyConflict(conflicts: readonly Conflict[]): StatusError {
  const each = conflicts.flatMap(({ manager, fields }) =>
    [...pathsOf(fields)].map((path) => ({ who: whoText(manager), field: pathText(path) })),
  );
  const causes = each.map(({ who, field }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${who}`,
    field,
  }));
  return new StatusError({ code: 409, reason: "Conflict", message: messageOf(each), causes });
}

function messageOf(each: readonly { readonly who: string; readonly field: string }[]): string {
  const [first] = each;
  if (each.length === 1 && first !== undefined) {
    return `Apply failed with 1 conflict: conflict with ${first.who}: ${first.field}`;
  }
  const managers = [...new Set(each.map(({ who }) => who))].sort();
  const parts = managers.map((manager) => {
    const fields = each.filter(({ who }) => who === manager).map(({ field }) => `- ${field}`);
    return `conflicts with ${manager}:\n${fields.join("\n")}`;
  });
  return `Apply failed with ${each.length} conflicts: ${parts.join("\n")}`;
}

function whoText({ name, operation, apiVersion, subresource }: Manager): string {
  const part = subresource === "" ? "" : ` with subresource ${JSON.stringify(subresource)}`;
  return `${JSON.stringify(name)}${part}${operation === "Update" ? ` using ${apiVersion}` : ""}`;
}
