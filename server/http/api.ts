import { OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Context } from "hono";
import type { Logger } from "pino";
import type { z } from "zod";
import type { Clock } from "#lib/clock/index.ts";
import type { Failure, TopicName, Value, View } from "#lib/protocol/index.ts";
import { RefusedError, type ClusterHandle, type ClusterRegistry, type Rooms } from "#server/hub/index.ts";
import { diagnosisReportOf } from "#server/why/index.ts";
import { maxBodyBytes } from "./judge.ts";
import { routes } from "./routes.ts";

export interface ApiOptions {
  readonly registry: ClusterRegistry;
  readonly rooms: Rooms;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  readonly isReadOnly: boolean;
}

const ok = { ok: true } as const;

/** REST under `/api`. It judges nobody: whatever arrives here has passed the gate. */
export function createApi({ registry, rooms, clock, logger, version, isReadOnly }: ApiOptions): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result, c) =>
      result.success ? undefined : fail(c, 400, "invalid-request", complaints(result.error)),
  }).basePath("/api");

  app.use(bodyLimit({ maxSize: maxBodyBytes, onError: (c) => fail(c, 413, "body-too-large", bodyTooLarge) }));
  app.onError((error, c) => {
    if (error instanceof RefusedError) return fail(c, error.status, error.code, error.message);
    if (error instanceof HTTPException && error.status === 415) return fail(c, 415, "expected-json", expectedJson);
    if (error instanceof HTTPException) return fail(c, error.status, "invalid-request", error.message);
    logger.error({ error, path: c.req.path }, "request failed");
    return fail(c, 500, "internal", "the server failed at this request: its log says why");
  });

  function clusterOf(id: string): ClusterHandle {
    const cluster = registry.get(id);
    if (cluster === undefined)
      throw new RefusedError(404, "no-such-cluster", `there is no cluster ${id}: attach it first`);
    return cluster;
  }

  /** What the server's own process does is allowed, handlers too: they never touch the cluster. */
  function refuseIfReadOnly(): void {
    if (isReadOnly)
      throw new RefusedError(403, "read-only", "the server was started with --read-only: start it without to do this");
  }

  async function valueOf<T extends TopicName>(id: string, topic: T, view: View<T>): Promise<Value<T>> {
    // The worker builds it to this very schema; parsing every snapshot again would cost more than building it.
    return (await rooms.read({ cluster: clusterOf(id), topic, view })) as unknown as Value<T>;
  }

  app.openapi(routes.listClusters, (c) => {
    const kubeconfigProblem = registry.kubeconfigProblem();
    return c.json(
      {
        server: { version, isReadOnly, now: clock.now() },
        clusters: [...registry.list()],
        contexts: [...registry.contexts()],
        ...(kubeconfigProblem === undefined ? {} : { kubeconfigProblem }),
      },
      200,
    );
  });
  app.openapi(routes.attach, async (c) => {
    refuseIfReadOnly();
    return c.json({ ...ok, cluster: await registry.attach(c.req.valid("json")) }, 200);
  });
  app.openapi(routes.play, async (c) => {
    refuseIfReadOnly();
    const { id } = c.req.valid("param");
    clusterOf(id);
    return c.json({ ...ok, cluster: await registry.play(id, c.req.valid("json").scenario) }, 200);
  });
  app.openapi(routes.detach, async (c) => {
    refuseIfReadOnly();
    const { id } = c.req.valid("param");
    clusterOf(id);
    await registry.detach(id);
    return c.json(ok, 200);
  });
  app.openapi(routes.listResources, async (c) => {
    const resources = await clusterOf(c.req.valid("param").id).resources();
    return c.json({ resources: [...resources] }, 200);
  });
  app.openapi(routes.listInformers, async (c) => c.json(await valueOf(c.req.valid("param").id, "informers", {}), 200));
  app.openapi(routes.getInformer, async (c) => {
    const { id, key } = c.req.valid("param");
    return c.json(await valueOf(id, "informer", { informer: key }), 200);
  });
  app.openapi(routes.addHandler, async (c) => {
    const { id, key } = c.req.valid("param");
    return c.json(await clusterOf(id).addHandler(key, c.req.valid("json")), 200);
  });
  app.openapi(routes.previewHandler, async (c) => {
    const { id, key } = c.req.valid("param");
    return c.json(await clusterOf(id).previewHandler(key, c.req.valid("json")), 200);
  });
  app.openapi(routes.lineObject, async (c) => {
    const { id, handle, seq } = c.req.valid("param");
    return c.json(await clusterOf(id).lineObject(handle, seq), 200);
  });
  app.openapi(routes.releaseOwner, async (c) => {
    const { id, owner } = c.req.valid("param");
    return c.json(await clusterOf(id).releaseOwner(owner), 200);
  });
  app.openapi(routes.removeHandler, async (c) => {
    const { id, handle } = c.req.valid("param");
    return c.json(await clusterOf(id).removeHandler(handle), 200);
  });
  app.openapi(routes.relist, async (c) => {
    const { id, key } = c.req.valid("param");
    return c.json(await clusterOf(id).relist(key), 200);
  });
  app.openapi(routes.replay, async (c) => {
    const { id, key } = c.req.valid("param");
    const { registration } = c.req.valid("json");
    return c.json(await clusterOf(id).replay(key, registration), 200);
  });
  app.openapi(routes.verify, async (c) => {
    const { id, key } = c.req.valid("param");
    return c.json(await clusterOf(id).verify(key), 200);
  });
  app.openapi(routes.getQueue, async (c) => {
    const { id } = c.req.valid("param");
    const { q, ...window } = c.req.valid("query");
    const windows = { active: window, backoff: window, unschedulable: window };
    const [lanes, events] = await Promise.all([
      valueOf(id, "lanes", q === undefined ? windows : { ...windows, q }),
      valueOf(id, "events", {}),
    ]);
    return c.json({ lanes, events }, 200);
  });
  app.openapi(routes.getScheduler, async (c) => c.json(await valueOf(c.req.valid("param").id, "scheduler", {}), 200));
  app.openapi(routes.getHistory, async (c) =>
    c.json(await valueOf(c.req.valid("param").id, "history", c.req.valid("query")), 200),
  );
  app.openapi(routes.getTransitions, async (c) =>
    c.json(await valueOf(c.req.valid("param").id, "transitions", c.req.valid("query")), 200),
  );
  app.openapi(routes.listPods, async (c) => {
    const given = Object.entries(c.req.valid("query")).filter(([, value]) => value !== undefined);
    const view = Object.fromEntries(given) as View<"pods">;
    return c.json(await valueOf(c.req.valid("param").id, "pods", view), 200);
  });
  app.openapi(routes.getAttention, async (c) => c.json(await valueOf(c.req.valid("param").id, "attention", {}), 200));
  app.openapi(routes.getDiagnosis, async (c) => {
    const { id, namespace, name } = c.req.valid("param");
    const { uid } = c.req.valid("query");
    // A report without them is better than none.
    await clusterOf(id)
      .readStatements(namespace, name)
      .catch(() => undefined);
    const pod = await valueOf(id, "pod", { namespace, name, ...(uid === undefined ? {} : { uid }) });
    return c.json(diagnosisReportOf(clusterOf(id).summary(), pod, clock.now()), 200);
  });
  app.openapi(routes.getPodYaml, async (c) => {
    const { id, namespace, name } = c.req.valid("param");
    return c.json(await clusterOf(id).podYaml(namespace, name), 200);
  });
  app.openapi(routes.setScheduler, async (c) => {
    refuseIfReadOnly();
    await clusterOf(c.req.valid("param").id).setScheduler(c.req.valid("json"));
    return c.json(ok, 200);
  });
  app.openapi(routes.step, async (c) => {
    refuseIfReadOnly();
    return c.json(await clusterOf(c.req.valid("param").id).step(c.req.valid("json")), 200);
  });
  app.openapi(routes.listFaults, async (c) => c.json(await valueOf(c.req.valid("param").id, "faults", {}), 200));
  app.openapi(routes.addFault, async (c) => {
    refuseIfReadOnly();
    return c.json(await clusterOf(c.req.valid("param").id).addFault(c.req.valid("json")), 200);
  });
  app.openapi(routes.removeFault, async (c) => {
    refuseIfReadOnly();
    const { id, fault } = c.req.valid("param");
    await clusterOf(id).removeFault(fault);
    return c.json(ok, 200);
  });
  app.openapi(routes.clearFaults, async (c) => {
    refuseIfReadOnly();
    await clusterOf(c.req.valid("param").id).clearFaults();
    return c.json(ok, 200);
  });
  app.openapi(routes.undo, async (c) => {
    refuseIfReadOnly();
    return c.json(await clusterOf(c.req.valid("param").id).undo(), 200);
  });
  app.openapi(routes.redo, async (c) => {
    refuseIfReadOnly();
    return c.json(await clusterOf(c.req.valid("param").id).redo(), 200);
  });
  app.doc31("/openapi.json", { openapi: "3.1.0", info: { title: "kube-inflight", version } });
  return app;
}

const expectedJson = "expected a body of Content-Type application/json";
const bodyTooLarge = `expected a body of at most ${maxBodyBytes} bytes`;

function fail(c: Context, status: ContentfulStatusCode, code: string, message: string) {
  return c.json({ ok: false, code, message } satisfies Failure, status);
}

function complaints({ issues }: z.ZodError): string {
  return issues
    .slice(0, 5)
    .map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": "))
    .join("; ");
}
