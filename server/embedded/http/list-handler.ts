import { sleep } from "#lib/clock/index.ts";
import { Encoder } from "../api/encoding.ts";
import { listPage } from "../api/list.ts";
import { parseListOptions, type ListOptions } from "../api/list-options.ts";
import { resourceKeyOf } from "../api/resource.ts";
import { selectionOf } from "../api/selection.ts";
import { representationFor } from "./accept.ts";
import { sendText } from "./answer.ts";
import type { Exchange } from "./resource-handler.ts";
import { answerStruck } from "./struck-answer.ts";
import { startWatch } from "./watch-handler.ts";

/** LIST and WATCH, where faults strike. */
export function handleList(exchange: Exchange): Promise<void> | void {
  const { response, query, route, context } = exchange;
  const options = parseListOptions(query);
  const { delayMs, strike } = context.faults.onRequest({
    resource: resourceKeyOf(route.resource),
    verb: options.isWatch ? "watch" : "list",
    namesVersion: namesVersion(options),
  });
  const answer = (): void => {
    // Who waited for a slow answer may have gone.
    if (response.destroyed) return;
    if (strike === undefined) answerList(exchange, options);
    else answerStruck(strike, { response, isWatch: options.isWatch, body: () => listBody(exchange, options) });
  };
  return delayMs === 0 ? answer() : sleep(context.clock, delayMs).then(answer);
}

/** Whether it goes on from something that the client knows already. */
function namesVersion({ resourceVersion = 0, continueToken, sendInitialEvents }: ListOptions): boolean {
  return (resourceVersion !== 0 && sendInitialEvents !== true) || continueToken !== undefined;
}

function answerList(exchange: Exchange, options: ListOptions): void {
  if (!options.isWatch) {
    sendText(exchange.response, listBody(exchange, options));
    return;
  }
  const { route, context } = exchange;
  startWatch(exchange.response, {
    resource: resourceKeyOf(route.resource),
    options,
    selection: selectionOf(route.resource, route.namespace, options),
    encoder: encoderOf(exchange),
    table: context.registry.tableOf(route.resource),
    context,
  });
}

function listBody(exchange: Exchange, options: ListOptions): string {
  const { resource, namespace } = exchange.route;
  const { registry } = exchange.context;
  const selection = selectionOf(resource, namespace, options);
  const table = registry.tableOf(resource);
  const encoder = encoderOf(exchange);
  return encoder.list(listPage({ table, current: registry.storage.resourceVersion, selection }, options));
}

function encoderOf({ request, query, route, context }: Exchange): Encoder {
  const representation = representationFor(request.headers.accept, query.get("includeObject"));
  return new Encoder(route.resource, representation, () => context.clock.now());
}
