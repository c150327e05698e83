import type { Story } from "./story.ts";

/** These wait for our own scheduler, which is made to fail while they are told. */
export const troubled: readonly Story[] = [
  { code: "in-flight", nodes: [{}] },
  { code: "lost", requests: { cpu: "16" }, nodes: [{}] },
  { code: "flush-overdue", requests: { cpu: "16" }, nodes: [{}] },
];

/** Told alone: there are no nodes, whoever else would have some. */
export const noNodes: Story = { code: "no-nodes" };

/** The class says nothing of when its volumes are bound, which is an error of VolumeBinding and no answer about any node. */
export const pluginError: Story = {
  code: "plugin-error",
  spec: { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "orders-data" } }] },
  nodes: [{}],
  objects: [
    {
      plural: "storageclasses",
      // Left out, it would be filled in: this is a class that was stored by something that does not know the field.
      object: {
        metadata: { name: "unfinished" },
        provisioner: "kubernetes.io/no-provisioner",
        volumeBindingMode: "",
      },
    },
    {
      plural: "persistentvolumeclaims",
      object: {
        metadata: { namespace: "plugin-error", name: "orders-data" },
        spec: {
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: "10Gi" } },
          storageClassName: "unfinished",
        },
      },
    },
  ],
};
