import type { DeviceClass } from "#lib/kube/index.ts";

/** Extended resources that a class stands for: one made of its own name, and the one it names. */
export function resourceNamesOf({ metadata, spec }: DeviceClass): readonly string[] {
  const implicit = `deviceclass.resource.kubernetes.io/${metadata.name ?? ""}`;
  const explicit = spec?.extendedResourceName ?? "";
  return explicit === "" ? [implicit] : [implicit, explicit];
}
