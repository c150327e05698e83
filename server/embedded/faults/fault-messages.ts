import type { Fault, FaultRequest, Faults } from "#lib/protocol/index.ts";

/** What can be asked of the faults from another thread, and what comes of it. */
export type FaultCommand =
  | { readonly do: "add"; readonly request: FaultRequest }
  | { readonly do: "remove"; readonly id: string }
  | { readonly do: "clear" };

export type FaultAnswer =
  | { readonly kind: "added"; readonly fault: Fault }
  | { readonly kind: "removed"; readonly wasOn: boolean }
  | { readonly kind: "refused"; readonly message: string };

export type FaultState = Omit<Faults, "asOf">;

/** To the thread of the cluster. */
export interface FaultCall {
  readonly type: "fault";
  readonly call: number;
  readonly command: FaultCommand;
}

/** From it. */
export type FaultNews =
  | { readonly type: "faultAnswer"; readonly call: number; readonly answer: FaultAnswer }
  | { readonly type: "faults"; readonly state: FaultState };
