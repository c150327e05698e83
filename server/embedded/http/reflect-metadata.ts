/**
 * The four functions of the `Reflect` metadata proposal that `tsyringe`, below `@peculiar/x509`, insists on at import.
 * This module has to be imported before that package.
 */
const metadata = new WeakMap<object, Map<unknown, unknown>>();

function own(key: unknown, target: object): unknown {
  return metadata.get(target)?.get(key);
}

function define(key: unknown, value: unknown, target: object): void {
  const values = metadata.get(target) ?? new Map<unknown, unknown>();
  metadata.set(target, values.set(key, value));
}

function inherited(key: unknown, target: object): unknown {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const value = own(key, at);
    if (value !== undefined) return value;
  }
  return undefined;
}

const proposal = {
  defineMetadata: define,
  getOwnMetadata: own,
  getMetadata: inherited,
  hasOwnMetadata: (key: unknown, target: object) => own(key, target) !== undefined,
  metadata: (key: unknown, value: unknown) => (target: object) => define(key, value, target),
};

if (!("getMetadata" in Reflect)) Object.assign(Reflect, proposal);
