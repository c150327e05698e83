export { Peek } from "./peek.tsx";
export { isPeeked, usePeek, type Peek as PeekState } from "./use-peek.ts";
