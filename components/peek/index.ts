export { Peek } from "./peek.tsx";
export { useCopying } from "./use-copying.ts";
export { isPeeked, usePeek, type Peek as PeekState } from "./use-peek.ts";
export { usePodKeys } from "./use-pod-keys.ts";
