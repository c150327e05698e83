/**
 * Something that went wrong, or was decided differently than asked, without stopping anything. `error` is what was
 * thrown, where something was.
 */
export interface InformerReport {
  readonly kind:
    | "handlerFailed"
    | "bufferOverflow"
    | "transformFailed"
    | "indexFailed"
    | "unexpectedType"
    | "watchErrorHandlerFailed"
    | "resyncPeriodRaised"
    | "startedTwice"
    | "streamingListFailed"
    | "streamingListSlow"
    | "watchEnded";
  readonly message: string;
  readonly error?: unknown;
}

export type Report = (report: InformerReport) => void;
