import type { Clock } from "#lib/clock/index.ts";
import {
  ApiStatusError,
  retrying,
  type Indexers,
  type InformerSetup,
  type InformerTarget,
  type ListerWatcher,
  type Report,
} from "#lib/informer/index.ts";
import type { KubeObject, Pod } from "#lib/kube/index.ts";
import { resourceOf } from "./informer-target.ts";
import { transformFor } from "./redaction/index.ts";
import type { KubeTransport, ResourceName } from "./transport/index.ts";

export interface SetupOptions {
  readonly clock: Clock;
  readonly transport: Pick<KubeTransport, "listerWatcher">;
  readonly report: Report;
  /** The server answered that we may not read it. */
  readonly onForbidden: () => void;
}

/** What an informer reads, what of it is kept, and how it is found again. */
export function setupOf(target: InformerTarget, options: SetupOptions): InformerSetup<KubeObject> {
  const resource = resourceOf(target.resource);
  return {
    source: retrying(sourceOf(target, options.transport), options.clock),
    transform: transformFor(resource),
    indexers: indexersOf(resource),
    report: options.report,
    onWatchError: (error) => {
      if (error instanceof ApiStatusError && error.code === 403) options.onForbidden();
    },
  };
}

/** The collection of a target, as it is: nothing is retried. */
export function sourceOf(
  { resource, namespace, fieldSelector }: InformerTarget,
  transport: SetupOptions["transport"],
): ListerWatcher<KubeObject> {
  return transport.listerWatcher<KubeObject>({
    ...resourceOf(resource),
    ...(namespace === undefined ? {} : { namespace }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  });
}

function indexersOf({ group, resource }: ResourceName): Indexers<KubeObject> {
  const namespace = ({ metadata }: KubeObject): readonly string[] =>
    metadata.namespace === undefined ? [] : [metadata.namespace];
  if (group !== "" || resource !== "pods") return { namespace };
  const nodeName = ({ spec }: Pod): readonly string[] => (spec?.nodeName === undefined ? [] : [spec.nodeName]);
  return { namespace, "spec.nodeName": nodeName };
}
