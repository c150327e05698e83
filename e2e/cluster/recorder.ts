import { readFileSync } from "node:fs";
import process from "node:process";
import { setImmediate } from "node:timers/promises";
import {
  isDeletedFinalStateUnknown,
  lastState,
  retrying,
  SharedInformerFactory,
  type EventHandler,
  type InformerReport,
  type InformerTarget,
  type Registration,
} from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import { systemClock } from "#server/clock.ts";
import { parseKubeconfig, resolveContext } from "#server/cluster/kubeconfig/index.ts";
import { transformFor } from "#server/cluster/redaction/index.ts";
import { parseResourceKey } from "#server/cluster/resource-key.ts";
import { KubeTransport } from "#server/cluster/transport/index.ts";
import type { Interest } from "./interest.ts";
import type { Told } from "./recorded-chains.ts";

/** All that one registration was told. */
export interface Recording {
  readonly interest: Interest;
  readonly registration: Registration;
  readonly told: readonly Told[];
}

/** The informers and the transport of the server, without the server: everything that is told is written down. */
export class Recorder {
  readonly #transport: KubeTransport;
  readonly #factory: SharedInformerFactory;
  readonly #reports: InformerReport[] = [];

  constructor(kubeconfig: string, random: () => number) {
    const config = parseKubeconfig(readFileSync(kubeconfig, "utf8"), kubeconfig);
    this.#transport = new KubeTransport(resolveContext(config, config.currentContext ?? ""), {
      clock: systemClock,
      environment: process.env,
      userAgent: "kube-inflight/recorder",
      isExecApproved: () => false,
    });
    this.#factory = new SharedInformerFactory({
      clock: systemClock,
      random,
      setup: ({ resource, fieldSelector }) => {
        const name = parseResourceKey(resource);
        if (name === undefined) throw new Error(`${resource} is no resource`);
        const selection = { ...name, ...(fieldSelector === undefined ? {} : { fieldSelector }) };
        return {
          source: retrying(this.#transport.listerWatcher<KubeObject>(selection), systemClock),
          transform: transformFor(name),
          report: (report) => this.#reports.push(report),
        };
      },
    });
  }

  /** Handlers that failed, and other faults that are not the network's. */
  get faults(): readonly InformerReport[] {
    const faults: readonly InformerReport["kind"][] = ["handlerFailed", "bufferOverflow", "transformFailed"];
    return this.#reports.filter(({ kind }) => faults.includes(kind));
  }

  /** Why the informers listed again. */
  get relists(): readonly { readonly informer: string; readonly total: number }[] {
    return this.#factory.informers().map(({ key, informer }) => ({ informer: key, total: informer.relistsTotal }));
  }

  /** @param isSlow whether its handler gives up the turn at every call, so that the next one has to wait */
  add(interest: Interest, isSlow: boolean): Recording {
    const told: Told[] = [];
    const registration = this.#factory.addEventHandler(targetOf(interest.informer), writingTo(told, isSlow), {
      filter: interest.passes,
    });
    return { interest, registration, told };
  }

  remove({ registration }: Recording): void {
    this.#factory.removeEventHandler(registration);
  }

  async stop(): Promise<void> {
    await this.#factory.stop();
    await this.#transport.close();
  }
}

function writingTo(told: Told[], isSlow: boolean): EventHandler<KubeObject> {
  const write = (one: Told): void | Promise<void> => {
    told.push(one);
    return isSlow ? setImmediate() : undefined;
  };
  return {
    onAdd: (object) => write({ kind: "add", object }),
    onUpdate: (old, object) => write({ kind: "update", old, object }),
    onDelete: (deleted) =>
      write({ kind: "delete", object: lastState(deleted), isInferred: isDeletedFinalStateUnknown(deleted) }),
  };
}

function targetOf(key: string): InformerTarget {
  const [resource = "", fieldSelector] = key.split("?");
  return { resource, ...(fieldSelector === undefined ? {} : { fieldSelector }) };
}
