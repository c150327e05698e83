/** One kind of object as the API serves it. The group is empty for the core. */
export interface ResourceName {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

/** What an informer lists and watches. */
export interface ResourceSelection extends ResourceName {
  readonly namespace?: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
}

/** `/api/v1/namespaces/default/pods`, `/apis/apps/v1/deployments` */
export function resourcePath({ group, version, resource }: ResourceName, namespace?: string): string {
  const base = group === "" ? `/api/${segment(version)}` : `/apis/${segment(group)}/${segment(version)}`;
  const within = namespace === undefined || namespace === "" ? "" : `/namespaces/${segment(namespace)}`;
  return `${base}${within}/${segment(resource)}`;
}

/** A name can hold anything but must stay one segment of the path: `..` is none. */
export function segment(name: string): string {
  if (name === "" || name === "." || name === "..") {
    throw new RangeError(`${JSON.stringify(name)} is not a name in the API: expected one segment of a path`);
  }
  return encodeURIComponent(name);
}

/** The selectors of a selection as they stand in a query. */
export function selectorQuery({ fieldSelector, labelSelector }: ResourceSelection): Readonly<Record<string, string>> {
  return {
    ...(fieldSelector === undefined || fieldSelector === "" ? {} : { fieldSelector }),
    ...(labelSelector === undefined || labelSelector === "" ? {} : { labelSelector }),
  };
}
