export { KeyedHeap, type HeapItem } from "./keyed-heap.ts";
export { LinkedList, type ListElement } from "./linked-list.ts";
export { BoundedHistory, RingBuffer } from "./ring-buffer.ts";
