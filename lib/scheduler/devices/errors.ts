/** Something is wrong with a claim or a class: upstream ends the attempt with these words. */
export class AllocationFailedError extends Error {
  override readonly name = "AllocationFailedError";
}

/** This node cannot be allocated from, and others may. Upstream: `ErrFailedAllocationOnNode`. */
export class AllocationFailedOnNodeError extends Error {
  override readonly name = "AllocationFailedOnNodeError";
}

/** What kube-scheduler would do cannot be told. */
export class NotJudgedError extends Error {
  override readonly name = "NotJudgedError";
}
