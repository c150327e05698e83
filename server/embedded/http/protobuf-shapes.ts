/** How one member is written. `count` is left out when it is zero, `number` is not: there zero says something. */
export type Shape =
  | "text"
  | "count"
  | "number"
  | "flag"
  | "time"
  | "texts"
  /** A number or a text, whichever it says it is. */
  | "intOrString"
  | { readonly message: Message }
  | { readonly list: "text" | Message };

/** Members by their numbers, as the `.proto` files of `k8s.io/api` have them. */
export type Message = Readonly<Record<number, readonly [name: string, shape: Shape]>>;

const ownerReference: Message = {
  1: ["kind", "text"],
  3: ["name", "text"],
  4: ["uid", "text"],
  5: ["apiVersion", "text"],
  6: ["controller", "flag"],
  7: ["blockOwnerDeletion", "flag"],
};

const metadata: Message = {
  1: ["name", "text"],
  2: ["generateName", "text"],
  3: ["namespace", "text"],
  4: ["selfLink", "text"],
  5: ["uid", "text"],
  6: ["resourceVersion", "text"],
  7: ["generation", "count"],
  8: ["creationTimestamp", "time"],
  11: ["labels", "texts"],
  12: ["annotations", "texts"],
  13: ["ownerReferences", { list: ownerReference }],
  14: ["finalizers", { list: "text" }],
};

const selector: Message = {
  1: ["matchLabels", "texts"],
  2: ["matchExpressions", { list: { 1: ["key", "text"], 2: ["operator", "text"], 3: ["values", { list: "text" }] } }],
};

const container: Message = {
  1: ["name", "text"],
  2: ["image", "text"],
  3: ["command", { list: "text" }],
  4: ["args", { list: "text" }],
  5: ["workingDir", "text"],
  6: [
    "ports",
    {
      list: {
        1: ["name", "text"],
        2: ["hostPort", "count"],
        3: ["containerPort", "count"],
        4: ["protocol", "text"],
        5: ["hostIP", "text"],
      },
    },
  ],
  8: ["resources", { message: {} }],
  13: ["terminationMessagePath", "text"],
  14: ["imagePullPolicy", "text"],
  16: ["stdin", "flag"],
  17: ["stdinOnce", "flag"],
  18: ["tty", "flag"],
  20: ["terminationMessagePolicy", "text"],
};

const podSpec: Message = {
  2: ["containers", { list: container }],
  3: ["restartPolicy", "text"],
  6: ["dnsPolicy", "text"],
  8: ["serviceAccountName", "text"],
  9: ["serviceAccount", "text"],
  10: ["nodeName", "text"],
  11: ["hostNetwork", "flag"],
  12: ["hostPID", "flag"],
  13: ["hostIPC", "flag"],
  16: ["hostname", "text"],
  17: ["subdomain", "text"],
  19: ["schedulerName", "text"],
  24: ["priorityClassName", "text"],
};

const template: Message = { 1: ["metadata", { message: metadata }], 2: ["spec", { message: podSpec }] };

const jobSpec: Message = {
  1: ["parallelism", "number"],
  2: ["completions", "number"],
  6: ["template", { message: template }],
  7: ["backoffLimit", "number"],
};

const jobStatus: Message = {
  4: ["active", "count"],
  5: ["succeeded", "count"],
  6: ["failed", "count"],
  7: ["completedIndexes", "text"],
};

const deploymentStatus: Message = {
  1: ["observedGeneration", "count"],
  2: ["replicas", "count"],
  3: ["updatedReplicas", "count"],
  4: ["availableReplicas", "count"],
  5: ["unavailableReplicas", "count"],
  7: ["readyReplicas", "count"],
};

const serviceSpec: Message = {
  1: [
    "ports",
    {
      list: {
        1: ["name", "text"],
        2: ["protocol", "text"],
        3: ["port", "count"],
        4: ["targetPort", "intOrString"],
        5: ["nodePort", "count"],
        6: ["appProtocol", "text"],
      },
    },
  ],
  2: ["selector", "texts"],
  3: ["clusterIP", "text"],
  4: ["type", "text"],
  5: ["externalIPs", { list: "text" }],
  7: ["sessionAffinity", "text"],
  8: ["loadBalancerIP", "text"],
  9: ["loadBalancerSourceRanges", { list: "text" }],
  10: ["externalName", "text"],
  11: ["externalTrafficPolicy", "text"],
  12: ["healthCheckNodePort", "count"],
  13: ["publishNotReadyAddresses", "flag"],
};

const budgetStatus: Message = {
  1: ["observedGeneration", "count"],
  3: ["disruptionsAllowed", "count"],
  4: ["currentHealthy", "count"],
  5: ["desiredHealthy", "count"],
  6: ["expectedPods", "count"],
};

function objectWith(members: Message): Message {
  return { 1: ["metadata", { message: metadata }], ...members };
}

/** Kinds that kubectl makes up by itself, in the parts that it fills in; by kind. Anything else is to be sent as JSON. */
export const messages: Readonly<Record<string, Message>> = {
  Namespace: objectWith({ 2: ["spec", { message: {} }], 3: ["status", { message: { 1: ["phase", "text"] } }] }),
  ConfigMap: objectWith({ 2: ["data", "texts"], 4: ["immutable", "flag"] }),
  ServiceAccount: objectWith({}),
  PriorityClass: objectWith({
    2: ["value", "number"],
    3: ["globalDefault", "flag"],
    4: ["description", "text"],
    5: ["preemptionPolicy", "text"],
  }),
  Deployment: objectWith({
    2: [
      "spec",
      {
        message: {
          1: ["replicas", "number"],
          2: ["selector", { message: selector }],
          3: ["template", { message: template }],
          4: ["strategy", { message: { 1: ["type", "text"] } }],
          5: ["minReadySeconds", "count"],
          7: ["paused", "flag"],
        },
      },
    ],
    3: ["status", { message: deploymentStatus }],
  }),
  Job: objectWith({ 2: ["spec", { message: jobSpec }], 3: ["status", { message: jobStatus }] }),
  Service: objectWith({
    2: ["spec", { message: serviceSpec }],
    3: ["status", { message: { 1: ["loadBalancer", { message: {} }] } }],
  }),
  PodDisruptionBudget: objectWith({
    2: [
      "spec",
      {
        message: {
          1: ["minAvailable", "intOrString"],
          2: ["selector", { message: selector }],
          3: ["maxUnavailable", "intOrString"],
          4: ["unhealthyPodEvictionPolicy", "text"],
        },
      },
    ],
    3: ["status", { message: budgetStatus }],
  }),
  SelfSubjectReview: objectWith({
    2: ["status", { message: { 1: ["userInfo", { message: { 1: ["username", "text"], 2: ["uid", "text"] } }] } }],
  }),
  SelfSubjectAccessReview: objectWith({
    2: [
      "spec",
      {
        message: {
          1: [
            "resourceAttributes",
            {
              message: {
                1: ["namespace", "text"],
                2: ["verb", "text"],
                3: ["group", "text"],
                4: ["version", "text"],
                5: ["resource", "text"],
                6: ["subresource", "text"],
                7: ["name", "text"],
              },
            },
          ],
          2: ["nonResourceAttributes", { message: { 1: ["path", "text"], 2: ["verb", "text"] } }],
        },
      },
    ],
    3: [
      "status",
      {
        message: {
          1: ["allowed", "flag"],
          2: ["reason", "text"],
          3: ["evaluationError", "text"],
          4: ["denied", "flag"],
        },
      },
    ],
  }),
};
