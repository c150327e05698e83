/** Upstream's gates, as far as the queue asks them. Read once, when the queue is constructed. */
export interface FeatureGates {
  /** Hints and the list of concurrent events. Locked on since 1.34; off only to emulate 1.33 and older. */
  readonly schedulerQueueingHints: boolean;
  /** Early pop from backoffQ, backoff ends on whole seconds, PreEnqueue before backoffQ instead of after it. */
  readonly schedulerPopFromBackoffQ: boolean;
  /** Pod signatures. */
  readonly opportunisticBatching: boolean;
  /** Members of a pod group always go to backoff when they return. */
  readonly genericWorkload: boolean;
  /** Status patches may go through a dispatcher. */
  readonly schedulerAsyncApiCalls: boolean;
}

/** The defaults of 1.36. */
export const defaultFeatureGates: FeatureGates = {
  schedulerQueueingHints: true,
  schedulerPopFromBackoffQ: true,
  opportunisticBatching: true,
  genericWorkload: false,
  schedulerAsyncApiCalls: false,
};
