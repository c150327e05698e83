import { z } from "zod";

/** The shape that this server itself relies on. Everything else in an object is kept as it came. As in Go, null is absent. */
const text = z.string().nullish();
const whole = z.number().int().nullish();
const texts = z.record(z.string(), z.string()).nullish();
const items = z.array(z.looseObject({})).nullish();
const quantities = z.record(z.string(), z.union([z.string(), z.number()])).nullish();
const conditions = z.array(z.looseObject({ type: z.string(), status: z.string() })).nullish();

const metadata = z.looseObject({
  name: text,
  generateName: text,
  namespace: text,
  uid: text,
  resourceVersion: text,
  generation: whole,
  creationTimestamp: text,
  deletionTimestamp: text,
  deletionGracePeriodSeconds: whole,
  labels: texts,
  annotations: texts,
  finalizers: z.array(z.string()).nullish(),
  ownerReferences: z.array(z.looseObject({ kind: z.string(), name: z.string(), uid: z.string() })).nullish(),
});

export const plainOutline = z.looseObject({
  metadata: metadata.nullish(),
  spec: z.looseObject({}).nullish(),
  status: z.looseObject({}).nullish(),
});

const container = z.looseObject({
  name: text,
  image: text,
  ports: items,
  resources: z.looseObject({ requests: quantities, limits: quantities }).nullish(),
});

export const podOutline = plainOutline.extend({
  spec: z
    .looseObject({
      containers: z.array(container).nullish(),
      initContainers: z.array(container).nullish(),
      nodeName: text,
      schedulerName: text,
      priorityClassName: text,
      nodeSelector: texts,
      tolerations: z.array(z.looseObject({ key: text, operator: text, value: text, effect: text })).nullish(),
      schedulingGates: z.array(z.looseObject({ name: z.string() })).nullish(),
    })
    .nullish(),
  status: z.looseObject({ phase: text, conditions, containerStatuses: items, nominatedNodeName: text }).nullish(),
});

export const nodeOutline = plainOutline.extend({
  spec: z
    .looseObject({
      unschedulable: z.boolean().nullish(),
      taints: z.array(z.looseObject({ key: z.string(), value: text, effect: z.string() })).nullish(),
    })
    .nullish(),
  status: z.looseObject({ capacity: quantities, allocatable: quantities, conditions, addresses: items }).nullish(),
});

export type Outline = typeof plainOutline;
