import process from "node:process";
import {
  retrying,
  SharedInformerFactory,
  type EventHandler,
  type HandlerOptions,
  type InformerTarget,
  type Registration,
  type Report,
  type SharedIndexInformer,
  type SharedInformerFactoryOptions,
  type Transform,
} from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import { systemClock } from "#server/clock.ts";
import { findKubeconfig } from "#server/cluster/kubeconfig-source.ts";
import { KubeconfigError, resolveContext, type ClusterAccess } from "#server/cluster/kubeconfig/index.ts";
import { parseResourceKey } from "#server/cluster/resource-key.ts";
import { KubeTransport } from "#server/cluster/transport/index.ts";
import { usualKubeconfigPaths } from "#server/kubeconfig-paths.ts";

export interface ClusterInformersOptions extends Pick<
  SharedInformerFactoryOptions<KubeObject>,
  "resyncCheckPeriodMs" | "lingerMs"
> {
  /** Files, merged as kubectl does. Without: those of `$KUBECONFIG`, else `~/.kube/config`, else the pod's own account. */
  readonly kubeconfig?: string | readonly string[];
  /** Without: the kubeconfig's current one. */
  readonly context?: string;
  /** Runs on every object before it is kept or told: drop what is not needed. */
  readonly transform?: Transform<KubeObject>;
  /** Hears what goes wrong and is nobody's answer: failed handlers, relists, refused requests. */
  readonly report?: Report;
}

/**
 * Shared informers of one cluster, each started by its first handler and stopped some time after its last one went.
 * It gets, lists and watches; Secrets it does not read. A sign-in command of the kubeconfig is run, as client-go does.
 */
export class ClusterInformers {
  readonly #factory: SharedInformerFactory;
  readonly #transport: KubeTransport;

  /** @throws KubeconfigError when there is no such context, or it cannot be used */
  constructor(options: ClusterInformersOptions = {}) {
    const { transform, report, resyncCheckPeriodMs, lingerMs } = options;
    const transport = new KubeTransport(accessOf(options), {
      clock: systemClock,
      environment: process.env,
      userAgent: "kube-inflight",
      isExecApproved: () => true,
    });
    this.#transport = transport;
    this.#factory = new SharedInformerFactory({
      clock: systemClock,
      random: Math.random,
      setup: ({ resource, fieldSelector, namespace }) => ({
        source: retrying(
          transport.listerWatcher<KubeObject>({
            ...resourceOf(resource),
            ...(fieldSelector === undefined ? {} : { fieldSelector }),
            ...(namespace === undefined ? {} : { namespace }),
          }),
          systemClock,
        ),
        ...(transform === undefined ? {} : { transform }),
        ...(report === undefined ? {} : { report }),
      }),
      ...(resyncCheckPeriodMs === undefined ? {} : { resyncCheckPeriodMs }),
      ...(lingerMs === undefined ? {} : { lingerMs }),
    });
  }

  /**
   * @param target `v1/pods`, `apps/v1/deployments`; with a field selector or a namespace it is another informer
   * @returns the handle that removes exactly this registration
   * @throws RangeError for what names no resource, or names Secrets
   */
  addEventHandler<T extends KubeObject = KubeObject>(
    target: string | InformerTarget,
    handler: EventHandler<T>,
    options: HandlerOptions<T> = {},
  ): Registration {
    // The resource is text, so only the caller knows which objects it names.
    const factory = this.#factory as unknown as SharedInformerFactory<T>;
    return factory.addEventHandler(typeof target === "string" ? { resource: target } : target, handler, options);
  }

  /** Whether it was registered here. Idempotent; others go on receiving. */
  removeEventHandler(registration: Registration): boolean {
    return this.#factory.removeEventHandler(registration);
  }

  /** The informer of a target while it runs: its store, its reflector's state, its registrations. */
  informer<T extends KubeObject = KubeObject>(target: string | InformerTarget): SharedIndexInformer<T> | undefined {
    const factory = this.#factory as unknown as SharedInformerFactory<T>;
    return factory.informer(typeof target === "string" ? { resource: target } : target);
  }

  /** Stops every informer and ends the connections; resolves when the last call of a handler has returned. */
  async stop(): Promise<void> {
    await this.#factory.stop();
    await this.#transport.close();
  }
}

function accessOf({ kubeconfig, context }: ClusterInformersOptions): ClusterAccess {
  const paths = kubeconfig === undefined ? usualKubeconfigPaths(process.env) : [kubeconfig].flat();
  const found = findKubeconfig(paths);
  const name = context ?? found.currentContext;
  if (name !== undefined) return resolveContext(found, name);
  const names = [...found.contexts.keys()].join(", ");
  throw new KubeconfigError(
    "context-missing",
    "The kubeconfig names no current context.",
    `Pass { context }: it has ${names === "" ? "none" : names}.`,
  );
}

function resourceOf(key: string) {
  const resource = parseResourceKey(key);
  if (resource === undefined) {
    throw new RangeError(`"${key}" names no resource: expected v1/pods, or group/version/resource for other groups`);
  }
  return resource;
}
