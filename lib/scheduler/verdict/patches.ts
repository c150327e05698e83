import type { Pod } from "#lib/kube/index.ts";
import { editableWorkloadOf } from "./workload.ts";

/** What a change is made to. */
export interface PatchTarget {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly subresource?: string;
  /** JSON pointer; absent for the whole object. */
  readonly path?: string;
}

/** One change that would help: shown and tried on copies, never made. */
export interface Patch {
  readonly op: "add" | "replace" | "remove" | "delete";
  readonly target: PatchTarget;
  readonly value?: unknown;
}

/** The change, and how one makes it. */
export interface Change {
  readonly patch: Patch;
  readonly command: string;
}

export function deletePod({ metadata }: Pod): Change {
  const { namespace = "", name = "" } = metadata;
  return deleteObject({ apiVersion: "v1", kind: "Pod", namespace, name });
}

export function deleteObject(target: PatchTarget & { readonly namespace: string }): Change {
  const { kind, namespace, name } = target;
  return { patch: { op: "delete", target }, command: `kubectl -n ${namespace} delete ${kind.toLowerCase()} ${name}` };
}

export function uncordon(node: string): Change {
  const target = { apiVersion: "v1", kind: "Node", name: node, path: "/spec/unschedulable" };
  return { patch: { op: "replace", target, value: false }, command: `kubectl uncordon ${node}` };
}

export function labelNode(node: string, key: string, value: string): Change {
  const target = { apiVersion: "v1", kind: "Node", name: node, path: `/metadata/labels/${escaped(key)}` };
  return {
    patch: { op: "add", target, value },
    command: `kubectl label node ${node} ${key}=${value} --overwrite`,
  };
}

export function unlabelNode(node: string, key: string): Change {
  const target = { apiVersion: "v1", kind: "Node", name: node, path: `/metadata/labels/${escaped(key)}` };
  return { patch: { op: "remove", target }, command: `kubectl label node ${node} ${key}-` };
}

/**
 * A field of the pod's spec. A workload whose template can be changed is changed, and replaces the pod.
 *
 * @param path below `spec`
 */
export function changeSpec(
  pod: Pod,
  {
    op,
    path,
    value,
    subresource,
  }: Pick<Patch, "op" | "value"> & { readonly path: string; readonly subresource?: string },
): Change {
  const { namespace = "", name = "" } = pod.metadata;
  const workload = editableWorkloadOf(pod);
  const target: PatchTarget & { readonly path: string } =
    workload === undefined
      ? { apiVersion: "v1", kind: "Pod", namespace, name, ...(subresource && { subresource }), path: `/spec${path}` }
      : { apiVersion: "apps/v1", ...workload, namespace, path: `/spec/template/spec${path}` };
  const patch = { op, target, ...(value === undefined ? {} : { value }) };
  return { patch, command: jsonPatchCommand(patch) };
}

function jsonPatchCommand({ op, target, value }: Patch & { readonly target: { readonly path: string } }): string {
  const operation = JSON.stringify([{ op, path: target.path, value }]).replaceAll("'", String.raw`'\''`);
  const subresource = target.subresource === undefined ? "" : ` --subresource=${target.subresource}`;
  const where = `-n ${target.namespace ?? "default"} patch ${target.kind.toLowerCase()} ${target.name}`;
  return `kubectl ${where}${subresource} --type=json -p '${operation}'`;
}

/** As RFC 6901 wants keys. */
export function escaped(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
