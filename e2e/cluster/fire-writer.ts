import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { ApiAnswer, KubeApi } from "#e2e/kube-api.ts";
import { apps, firePlaces, tiers } from "./interest.ts";
import { customGroup } from "./widgets.ts";

const podsPerPlace = 100;
const widgetsPerPlace = 40;
const tickMs = 25;
const mostInFlight = 60;
const retryMs = 250;
const notFound = z.object({ details: z.object({ name: z.string() }) });

/** One name under which objects come and go. Nobody else writes it. */
interface Slot {
  readonly kind: "pod" | "widget";
  readonly collection: string;
  readonly name: string;
  isThere: boolean;
  isBusy: boolean;
}

type Write = "created" | "updated" | "deleted";

/**
 * Creates, updates and deletes pods and widgets under few names, so that names come back with other uids. What is not
 * answered is tried again until it is, so that in the end it is known what there is.
 */
export class FireWriter {
  readonly #api: KubeApi;
  readonly #random: () => number;
  readonly #slots: readonly Slot[];
  readonly #inFlight = new Set<Promise<void>>();
  readonly #counts: Record<Write | "repeated", number> = { created: 0, updated: 0, deleted: 0, repeated: 0 };
  #failure: unknown;

  constructor(api: KubeApi, random: () => number) {
    this.#api = api;
    this.#random = random;
    this.#slots = firePlaces.flatMap((place) => [
      ...slotsOf("pod", `/api/v1/namespaces/${place}/pods`, podsPerPlace),
      ...slotsOf("widget", `/apis/${customGroup}/v1/namespaces/${place}/widgets`, widgetsPerPlace),
    ]);
  }

  /** Writes until the signal is aborted and everything that was begun has been answered. */
  async run(perSecond: number, signal: AbortSignal): Promise<Readonly<Record<Write | "repeated", number>>> {
    const perTick = (perSecond * tickMs) / 1000;
    let due = 0;
    let last = Date.now();
    while (!signal.aborted && this.#failure === undefined) {
      const now = Date.now();
      // What could not be written in time is not made up for: an outage is followed by the usual rate.
      due = Math.min(due + ((now - last) / tickMs) * perTick, 4 * perTick);
      last = now;
      for (; due >= 1 && this.#inFlight.size < mostInFlight; due--) this.#begin();
      await sleep(tickMs);
    }
    await Promise.all(this.#inFlight);
    if (this.#failure !== undefined) throw this.#failure;
    return this.#counts;
  }

  #begin(): void {
    const slot = this.#freeSlot();
    slot.isBusy = true;
    const written = this.#write(slot)
      .then((write) => void this.#counts[write]++)
      .catch((error: unknown) => void (this.#failure ??= error))
      .finally(() => {
        slot.isBusy = false;
        this.#inFlight.delete(written);
      });
    this.#inFlight.add(written);
  }

  /** There always is one: far fewer are busy than there are. */
  #freeSlot(): Slot {
    for (;;) {
      const slot = this.#slots[Math.floor(this.#random() * this.#slots.length)];
      if (slot?.isBusy === false) return slot;
    }
  }

  async #write(slot: Slot): Promise<Write> {
    const path = `${slot.collection}/${slot.name}`;
    if (!slot.isThere) {
      await this.#untilDone(slot, "POST", slot.collection, [201, 409], this.#newObject(slot));
      slot.isThere = true;
      return "created";
    }
    if (this.#random() < 0.3) {
      await this.#untilDone(slot, "DELETE", `${path}?gracePeriodSeconds=0`, [200, 404]);
      slot.isThere = false;
      return "deleted";
    }
    const isStatus = slot.kind === "pod" && this.#random() < 0.3;
    const change = isStatus ? { status: { message: `${this.#random()}` } } : { metadata: { labels: this.#labels() } };
    await this.#untilDone(slot, "PATCH", isStatus ? `${path}/status` : path, [200], change);
    return "updated";
  }

  /** 409 and 404 mean that it was done by an attempt whose answer was lost. */
  async #untilDone(
    slot: Slot,
    method: "POST" | "DELETE" | "PATCH",
    path: string,
    done: readonly number[],
    body?: unknown,
  ): Promise<void> {
    const contentType = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    for (;;) {
      const answer = await this.#api.send(method, path, body, contentType).catch((): undefined => undefined);
      if (answer !== undefined && done.includes(answer.status) && !isAboutAnotherThing(answer, slot)) return;
      if (answer !== undefined && !isTransient(answer, slot)) {
        throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      }
      this.#counts.repeated++;
      await sleep(retryMs);
    }
  }

  #newObject({ kind, name }: Slot): unknown {
    const metadata = { name, labels: this.#labels() };
    if (kind === "widget") {
      const size = Math.floor(this.#random() * 100);
      return { apiVersion: `${customGroup}/v1`, kind: "Widget", metadata, spec: { size } };
    }
    const container = { name: "main", image: "none.invalid/none" };
    // Nobody's scheduler: what happens to them is what is written here.
    return {
      metadata,
      spec: { schedulerName: "nobody", automountServiceAccountToken: false, containers: [container] },
    };
  }

  #labels(): Readonly<Record<string, string>> {
    const pick = (choices: readonly string[]): string => choices[Math.floor(this.#random() * choices.length)] ?? "";
    return { app: pick(apps), tier: pick(tiers) };
  }
}

function slotsOf(kind: Slot["kind"], collection: string, count: number): readonly Slot[] {
  return Array.from({ length: count }, (_, index) => ({
    kind,
    collection,
    name: `${kind}-${index}`,
    isThere: false,
    isBusy: false,
  }));
}

/** A server that has just started knows no custom resources yet: its 404 is not about this object. */
function isAboutAnotherThing({ status, body }: ApiAnswer, { name }: Slot): boolean {
  return status === 404 && notFound.safeParse(body).data?.details.name !== name;
}

function isTransient(answer: ApiAnswer, slot: Slot): boolean {
  return answer.status >= 500 || answer.status === 429 || isAboutAnotherThing(answer, slot);
}
