import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "#lib/protocol/index.ts";
import { Storage } from "../storage/storage.ts";
import { Encoder } from "./encoding.ts";
import { LocalClient } from "./local-client.ts";
import { Registry } from "./registry.ts";
import { findResource } from "./resources.ts";
import { StatusError } from "./status.ts";

/** Objects of the right outline with anything at all where it matters. */
const anything = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
const odd = (value: fc.Arbitrary<JsonValue>) => fc.oneof({ weight: 3, arbitrary: value }, anything);
const metadata = odd(
  fc.record(
    {
      name: odd(fc.constantFrom("a", "b")),
      namespace: odd(fc.constant("default")),
      labels: anything,
      annotations: anything,
      finalizers: anything,
      ownerReferences: anything,
      generateName: anything,
      creationTimestamp: anything,
    },
    { requiredKeys: ["name"] },
  ),
);
const container = odd(
  fc.record({ name: fc.constant("m"), image: odd(fc.constant("i")), resources: anything, ports: anything }),
);
const spec = odd(
  fc.record({
    containers: odd(fc.array(container)),
    tolerations: anything,
    schedulingGates: anything,
    taints: anything,
    priorityClassName: anything,
    nodeName: anything,
  }),
);
const body = fc.record({ metadata, spec, status: anything, involvedObject: anything, source: anything });

function attempt(write: () => unknown): void {
  try {
    write();
  } catch (error) {
    // Anything but a refusal would be told as a failure of this server, and it would be one.
    expect(error).toBeInstanceOf(StatusError);
  }
}

describe("Registry", () => {
  it.each(["pods", "nodes", "events", "configmaps"])(
    "refuses or stores any %s it is sent, and can show what it stored",
    (plural) => {
      const resource = findResource("", "v1", plural);
      if (resource === undefined) throw new Error(`${plural} are served`);
      fc.assert(
        fc.property(body, body, (first, second) => {
          const registry = new Registry({ storage: new Storage(), now: () => 0, random: () => 0.5, newUid: () => "u" });
          new LocalClient(registry).create("namespaces", { metadata: { name: "default" } });
          const namespace = resource.isNamespaced ? "default" : "";
          attempt(() => registry.create({ resource, namespace }, first));
          for (const { object } of registry.tableOf(resource).list()) {
            const target = { resource, namespace, name: object.metadata.name ?? "" };
            for (const mediaType of ["application/merge-patch+json", "application/strategic-merge-patch+json"]) {
              for (const part of ["object", "status"] as const) {
                attempt(() => registry.patch(target, { mediaType, body: second }, { part }));
              }
            }
          }
          const items = registry.tableOf(resource).list();
          const page = { items, resourceVersion: 1, continueToken: undefined, remainingItemCount: undefined };
          for (const representation of [{ as: "object" }, { as: "table", include: "Metadata" }] as const) {
            JSON.parse(new Encoder(resource, representation, () => 0).list(page));
          }
          for (const read of Object.values(resource.fields)) for (const { object } of items) read(object);
          for (const { object } of items)
            attempt(() => registry.delete({ resource, namespace, name: object.metadata.name ?? "" }));
        }),
      );
    },
  );
});
