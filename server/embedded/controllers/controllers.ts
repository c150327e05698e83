import type { Clock } from "#lib/clock/index.ts";
import type { LocalClient } from "../api/local-client.ts";
import { Dependents } from "./dependents.ts";
import { startDaemonSetController } from "./daemon-set-controller.ts";
import { startDefinitionController } from "./definition-controller.ts";
import { startDeploymentController } from "./deployment-controller.ts";
import { startEventExpiry } from "./event-expiry.ts";
import { startGarbageCollector } from "./garbage-collector.ts";
import { startJobController } from "./job-controller.ts";
import { startKubelet } from "./kubelet.ts";
import { startNamespaceController } from "./namespace-controller.ts";
import { startResourceClaimController } from "./resource-claim-controller.ts";
import { startReplicaController } from "./replica-controller.ts";

interface ControllerOptions {
  readonly client: LocalClient;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Everything a control plane does by itself, but for scheduling: that is for whoever attaches. Returns what stops it. */
export function startControllers(options: ControllerOptions): () => void {
  const dependents = new Dependents(options.client);
  const context = { ...options, dependents };
  const stops = [
    // First: it has the dependents counted that the others ask for, and hears of a write before they do.
    startGarbageCollector(context),
    startNamespaceController(context),
    startDefinitionController(context),
    startDeploymentController(context),
    ...["replicasets", "replicationcontrollers", "statefulsets"].map((each) => startReplicaController(context, each)),
    startDaemonSetController(context),
    startJobController(context),
    startResourceClaimController(context),
    startKubelet(context),
    startEventExpiry(context),
  ];
  return () => {
    for (const stop of stops) stop();
    dependents.stop();
  };
}
