import { sleep, type Clock } from "#lib/clock/index.ts";
import { isDeletedFinalStateUnknown, lastState, type EventHandler } from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import type { HandlerKind } from "#lib/protocol/index.ts";
import { ChainCheck } from "./chain-check.ts";
import { TailBuffer } from "./tail-buffer.ts";
import { Tally } from "./tally.ts";

export type BrowserHandlerKind = Exclude<HandlerKind, "builtIn">;

/** A handler that somebody added in the browser: one value, however many times it is registered. */
export interface BrowserHandler {
  readonly kind: BrowserHandlerKind;
  /** As it is shown: `slow 25 ms`. */
  readonly name: string;
  readonly value: EventHandler<KubeObject>;
  /** How long a slow one takes for each notification. */
  readonly delayMs?: number;
  /** What it heard, for the kinds that keep it. */
  readonly tail?: TailBuffer;
  /** For the kind that counts. How much it was told, each registration knows itself. */
  readonly tally?: Tally;
  /** What it found, for the kind that checks what it hears. */
  readonly chain?: ChainCheck;
}

const defaultDelayMs = 25;

export function createBrowserHandler(kind: BrowserHandlerKind, clock: Clock, delayMs = defaultDelayMs): BrowserHandler {
  switch (kind) {
    case "count": {
      const tally = new Tally();
      return { kind, name: "tally", tally, value: tally };
    }
    case "slow": {
      const dawdle = (): Promise<void> => sleep(clock, delayMs);
      return {
        kind,
        delayMs,
        name: `slow ${delayMs} ms`,
        value: { onAdd: dawdle, onUpdate: dawdle, onDelete: dawdle },
      };
    }
    case "chain": {
      const chain = new ChainCheck();
      return { kind, name: "chain", chain, value: chain };
    }
    case "tail":
    case "diff": {
      const tail = new TailBuffer(clock, kind === "diff");
      return { kind, name: kind, tail, value: writingTo(tail) };
    }
  }
}

function writingTo(tail: TailBuffer): EventHandler<KubeObject> {
  return {
    onAdd: (object, isInInitialList) => tail.added(object, isInInitialList),
    onUpdate: (before, after) => tail.updated(before, after),
    onDelete: (deleted) => tail.deleted(lastState(deleted), isDeletedFinalStateUnknown(deleted)),
  };
}
