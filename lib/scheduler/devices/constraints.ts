import type { DeviceAttribute, DeviceConstraint } from "#lib/kube/index.ts";
import type { Device } from "./device.ts";

/** The request that a device is for: `alternative` where it is one of several. */
export interface RequestName {
  readonly request: string;
  readonly alternative: string | undefined;
}

/** What all devices of a claim, or of some of its requests, have to agree on. Each `add` that said yes has one `remove`. */
export interface Constraint {
  add(name: RequestName, device: Device): boolean;
  remove(name: RequestName): void;
}

/** `undefined` for one of a kind that is not known. */
export function constraintOf({
  requests = [],
  matchAttribute,
  distinctAttribute,
}: DeviceConstraint): Constraint | undefined {
  const names = new Set(requests);
  const isMeant = ({ request, alternative }: RequestName): boolean =>
    names.size === 0 || names.has(request) || (alternative !== undefined && names.has(`${request}/${alternative}`));
  if (matchAttribute !== undefined) return sameValue(matchAttribute, isMeant);
  if (distinctAttribute !== undefined) return distinctValues(distinctAttribute, isMeant);
  return undefined;
}

/** Upstream: `matchAttributeConstraint`. */
function sameValue(attribute: string, isMeant: (name: RequestName) => boolean): Constraint {
  let common: string | undefined;
  let devices = 0;
  return {
    add: (name, device) => {
      if (!isMeant(name)) return true;
      const value = attributeValue(device, attribute);
      if (value === undefined) return false;
      if (devices === 0) common = value;
      // The first may be of a type that nothing is equal to.
      else if (value !== common || value === unknownType) return false;
      devices++;
      return true;
    },
    remove: (name) => {
      if (isMeant(name)) devices--;
    },
  };
}

/** Kept oddity: of the devices of one request only the last is held against others. Upstream: `distinctAttributeConstraint`. */
function distinctValues(attribute: string, isMeant: (name: RequestName) => boolean): Constraint {
  const values = new Map<string, string>();
  let devices = 0;
  return {
    add: (name, device) => {
      if (!isMeant(name)) return true;
      const value = attributeValue(device, attribute);
      if (value === undefined) return false;
      if (devices > 0 && values.size > 0) {
        if (value === unknownType) return false;
        for (const other of values.values()) if (other === value) return false;
      }
      values.set(name.request, value);
      devices++;
      return true;
    },
    remove: (name) => {
      if (!isMeant(name)) return;
      values.delete(name.request);
      devices--;
    },
  };
}

const unknownType = "";

/** With its type, so that only equals are equal. A name without a domain is one of the driver's. Upstream: `lookupAttribute`. */
function attributeValue({ driver, spec }: Device, name: string): string | undefined {
  const attributes = spec.attributes ?? {};
  const own = name.startsWith(`${driver}/`) ? attributes[name.slice(driver.length + 1)] : undefined;
  const attribute = attributes[name] ?? own;
  return attribute === undefined ? undefined : typedText(attribute);
}

function typedText({ string, int, bool, version }: DeviceAttribute): string {
  if (string !== undefined) return `string ${string}`;
  if (int !== undefined) return `int ${int}`;
  if (bool !== undefined) return `bool ${bool}`;
  return version === undefined ? unknownType : `version ${version}`;
}
