import type { DiagnosisReport, Failure, Pods } from "#lib/protocol/index.ts";

/** Where the answer comes from: the server that runs, or a look of our own. */
export interface WhySource {
  /** What has to be said before the answer. */
  readonly note: string | undefined;
  /** Name of the context that is looked in. */
  readonly context: string;
  diagnosis(namespace: string, name: string): Promise<DiagnosisReport | Failure>;
  pods(namespace: string | undefined): Promise<Pods | Failure>;
  close(): Promise<void>;
}
