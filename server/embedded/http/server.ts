import { randomBytes } from "node:crypto";
import { createServer } from "node:https";
import type { Clock } from "#lib/clock/index.ts";
import type { Registry } from "../api/registry.ts";
import { resourceKeyOf } from "../api/resource.ts";
import { FaultBoard, type FaultBoardOptions } from "../faults/index.ts";
import type { Certificates } from "./certificates.ts";
import { Checkpoints } from "./checkpoints.ts";
import { createHandler } from "./handler.ts";
import { kubeconfigText } from "./kubeconfig.ts";
import { Listening } from "./listening.ts";
import type { WatchResponse } from "./watch-response.ts";

export interface ApiServerOptions {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly random: () => number;
  /** 0 takes any free one. */
  readonly port: number;
  readonly bookmarkIntervalMs: number;
  readonly certificates: Certificates;
}

export interface ApiServer {
  readonly url: string;
  readonly kubeconfig: string;
  readonly faults: FaultBoard;
  /** Breaks every watch, as a network does. */
  cutWatches(): void;
  stop(): Promise<void>;
}

/** Listens on 127.0.0.1 only, with a token that lives as long as the server. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { registry, clock, random, port, bookmarkIntervalMs } = options;
  const { authority, certificate, key } = options.certificates;
  const token = randomBytes(32).toString("base64url");
  const watches = new Set<WatchResponse>();
  const unsubscribe = registry.resources.subscribe((storage) => endWatchesSoon(storage));
  const checkpoints = new Checkpoints(registry.storage, watches);
  // What it answers needs the faults, which need the door.
  const server = createServer({ key, cert: certificate, minVersion: "TLSv1.2" });
  const listening = new Listening(server, clock);
  const faults = faultsOf(registry, { clock, watches, door: listening });
  const context = { registry, clock, random, bookmarkIntervalMs, watches, checkpoints, faults };
  server.on("request", createHandler({ context, token }));
  // A watcher finds out by asking again what has become of its resource; a write may not be held up by that.
  const endWatchesSoon = (storage: string): void => {
    const table = registry.storage.table(storage);
    setImmediate(() => {
      for (const watch of watches) if (watch.isOf(table)) watch.end();
    });
  };
  const cutWatches = (): void => {
    for (const watch of watches) watch.cut();
  };
  // Longer than the 90 s for which Go's clients keep an idle connection, so that it is they who close it.
  server.keepAliveTimeout = 120_000;
  const url = `https://127.0.0.1:${await listening.listen(port)}`;
  return {
    url,
    kubeconfig: kubeconfigText({ server: url, authority, token }),
    faults,
    cutWatches,
    stop: async () => {
      unsubscribe();
      faults.stop();
      cutWatches();
      await listening.stop();
    },
  };
}

/** The faults of a server of this registry. */
export function faultsOf(registry: Registry, parts: Pick<FaultBoardOptions, "clock" | "watches" | "door">): FaultBoard {
  const found = (key: string) => registry.resources.all().find((resource) => resourceKeyOf(resource) === key);
  return new FaultBoard({
    ...parts,
    isServed: (resource) => found(resource) !== undefined,
    forget: (resource) => registry.storage.forget(resource === undefined ? undefined : found(resource)?.storage),
  });
}
