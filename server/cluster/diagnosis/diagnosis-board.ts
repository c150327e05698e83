import type { InformerBoard } from "../informer-board.ts";

/** What a diagnosis needs of the informers: handlers of its own, and whether they can be relied on. */
export type DiagnosisBoard = Pick<InformerBoard, "addBuiltIn" | "removeBuiltIn" | "informers">;
