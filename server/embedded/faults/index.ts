export { FaultBoard, FaultRefusedError, type FaultBoardOptions } from "./fault-board.ts";
export { FaultControl } from "./fault-control.ts";
export type { FaultCall, FaultNews, FaultState } from "./fault-messages.ts";
export { FaultService } from "./fault-service.ts";
export type { Door, OpenWatch, Strike, StruckRequest } from "./strike.ts";
