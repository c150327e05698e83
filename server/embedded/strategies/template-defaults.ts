import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { isJsonObject, listAt, objectAt, textAt, type ApiObject } from "../storage/api-object.ts";

/** What a real server fills in wherever pods are described. Upstream: `SetDefaults_PodSpec` and its kin. */
const specDefaults: JsonObject = {
  restartPolicy: "Always",
  terminationGracePeriodSeconds: 30,
  dnsPolicy: "ClusterFirst",
  securityContext: {},
  schedulerName: "default-scheduler",
};

export function withSpecDefaults(spec: JsonObject): JsonObject {
  const init = listAt(spec, "initContainers");
  const volumes = listAt(spec, "volumes");
  return {
    ...specDefaults,
    ...spec,
    containers: listAt(spec, "containers").map(withContainerDefaults),
    ...(init.length === 0 ? {} : { initContainers: init.map(withContainerDefaults) }),
    ...(volumes.length === 0 ? {} : { volumes: volumes.map(withVolumeDefaults) }),
  };
}

/** The object with what is missing in its `spec.template`. */
export function withTemplateDefaults(object: ApiObject): ApiObject {
  const spec = objectAt(object, "spec");
  const template = objectAt(spec, "template");
  const defaulted = { ...template, spec: withSpecDefaults(objectAt(template, "spec")) };
  return { ...object, spec: { ...spec, template: defaulted } };
}

const probes = ["livenessProbe", "readinessProbe", "startupProbe"];

function withContainerDefaults(container: JsonObject): JsonObject {
  const ports = listAt(container, "ports").map((port) => ({ protocol: "TCP", ...port }));
  const probed = probes.filter((probe) => isJsonObject(container[probe]));
  return {
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: pullPolicy(textAt(container, "image")),
    resources: {},
    ...container,
    ...(ports.length === 0 ? {} : { ports }),
    ...Object.fromEntries(probed.map((probe) => [probe, withProbeDefaults(objectAt(container, probe))])),
  };
}

/** An image without a tag is the latest one. */
function pullPolicy(image: string): string {
  const tag = /:([^/:]+)$/.exec(image)?.[1] ?? "latest";
  return tag === "latest" && !image.includes("@") ? "Always" : "IfNotPresent";
}

function withProbeDefaults(probe: JsonObject): JsonObject {
  const times = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
  if (!isJsonObject(probe["httpGet"])) return { ...times, ...probe };
  return { ...times, ...probe, httpGet: { path: "/", scheme: "HTTP", ...probe["httpGet"] } };
}

const filesOf = ["configMap", "secret", "projected", "downwardAPI"];

function withVolumeDefaults(volume: JsonObject): JsonObject {
  const kind = filesOf.find((each) => isJsonObject(volume[each]));
  return kind === undefined ? volume : { ...volume, [kind]: { defaultMode: 420, ...objectAt(volume, kind) } };
}

/** A member filled in where an object says nothing. */
export function withDefaults(
  object: ApiObject,
  defaults: Readonly<Record<string, JsonValue>>,
  member = "spec",
): ApiObject {
  return { ...object, [member]: { ...defaults, ...objectAt(object, member) } };
}
