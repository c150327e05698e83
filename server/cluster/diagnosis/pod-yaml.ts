import { ApiStatusError } from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import { RefusedError } from "#server/hub/clusters.ts";
import { redact } from "../redaction/index.ts";
import type { KubeTransport } from "../transport/index.ts";
import { yamlText } from "../yaml-text.ts";

const pods = { group: "", version: "v1", resource: "pods" } as const;

/** Nothing of it is kept: it is asked for, redacted and handed on. */
export async function podYaml(
  transport: Pick<KubeTransport, "getObject">,
  name: { readonly namespace: string; readonly name: string },
): Promise<string> {
  try {
    const pod = await transport.getObject<KubeObject>(pods, name);
    return yamlText(redact(pod));
  } catch (error) {
    if (!(error instanceof ApiStatusError)) throw error;
    const status = error.code === 404 ? 404 : error.code === 403 ? 403 : 502;
    throw new RefusedError(status, "pod-not-read", `the pod could not be read: ${error.message}`);
  }
}
