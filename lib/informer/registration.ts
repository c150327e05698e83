import type { Instant } from "#lib/clock/index.ts";
import type { HandlingTimes } from "./handling-times.ts";
import type { Owner } from "./owner.ts";

export type RegistrationState =
  /** The informer has not delivered its first list yet. */
  | { readonly phase: "waiting" }
  /** Adds of the initial list are on their way: `delivered` of `total` have returned. */
  | { readonly phase: "syncing"; readonly delivered: number; readonly total: number }
  | { readonly phase: "live" }
  /** An initial add failed, so it never becomes synced; changes are delivered all the same. */
  | { readonly phase: "liveUnsynced"; readonly failedInitialAdds: number }
  /** More waited than its buffer may hold. It gets nothing any more and stays until it is removed. */
  | { readonly phase: "overflowed"; readonly at: Instant }
  | { readonly phase: "removed"; readonly at: Instant }
  | { readonly phase: "informerStopped"; readonly at: Instant };

export interface LastError {
  readonly at: Instant;
  readonly message: string;
  readonly error: unknown;
}

/**
 * The handle of one `addEventHandler`, and what can be seen of it. Its identity is the only way to remove it: one
 * handler value may be registered any number of times.
 */
export interface Registration {
  /** Never reused. */
  readonly id: number;
  readonly name: string;
  readonly owner: Owner | undefined;
  readonly handler: object;
  /** The same for every registration of the same handler value. */
  readonly handlerId: number;
  readonly addedAt: Instant;
  /** 0 is never. As effective, after it was raised to what the informer can do. */
  readonly resyncPeriodMs: number;
  /** The informer has synced, and the handler has returned from every add of its initial list. Never false again. */
  readonly hasSynced: boolean;
  /** Resolves with the transition. A registration that is removed before, or whose initial add failed, never does. */
  readonly synced: Promise<void>;
  readonly state: RegistrationState;
  /** Waiting in its own buffer, without the call in progress. */
  readonly pending: number;
  /** Calls that returned, failures not counted. */
  readonly delivered: number;
  readonly failed: number;
  /** Notifications that its filter turned into nothing. */
  readonly filtered: number;
  readonly lastError: LastError | undefined;
  /** When the call in progress began: only a handler that returned a promise can be seen in one. */
  readonly busySince: Instant | undefined;
  readonly handlingTimes: HandlingTimes;
  /** Age of the oldest waiting notification, else how long the last one that was looked at had waited. */
  readonly lagMs: number;
  /** Its owner was released and forgot it. */
  readonly isLeaked: boolean;
}
