import type { KubeApi } from "#e2e/kube-api.ts";

/** Group of the custom resource that the tests define. */
export const customGroup = "inflight.example";
export const widgets = `${customGroup}/v1/widgets`;

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const definition = `widgets.${customGroup}`;

/** Answers when objects can be created. */
export async function defineWidgets(api: KubeApi): Promise<void> {
  await api.request("POST", definitions, {
    metadata: { name: definition },
    spec: {
      group: customGroup,
      scope: "Namespaced",
      names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: { spec: { type: "object", properties: { size: { type: "integer" } } } },
            },
          },
        },
      ],
    },
  });
}

export async function undefineWidgets(api: KubeApi): Promise<void> {
  await api.request("DELETE", `${definitions}/${definition}`);
}

/** Whether the API server serves them now: some time after the definition came or went. */
export async function areWidgetsServed(api: KubeApi): Promise<boolean> {
  return (await api.send("GET", `/apis/${widgets}?limit=1`)).status === 200;
}
