import { sleep, type Clock, type Instant, type Signal } from "#lib/clock/index.ts";
import { objectKey, type KubeObject, type ObjectKey } from "#lib/kube/index.ts";
import { versionOf, type Store } from "./indexer.ts";
import { InterruptedError } from "./interruption.ts";
import { listObjects } from "./list-objects.ts";
import type { ListerWatcher } from "./lister-watcher.ts";
import { paced, type Pacer } from "./pacer.ts";
import { defaultPageSize } from "./resource-versions.ts";

/** One object on which store and server do not agree. */
export interface Discrepancy {
  readonly key: ObjectKey;
  readonly storedUid?: string;
  readonly storedVersion?: string;
  readonly listedUid?: string;
  readonly listedVersion?: string;
}

export interface Verification {
  readonly at: Instant;
  /** Version of the list that the store was compared with. */
  readonly resourceVersion: string;
  readonly compared: number;
  /** On the server, not in the store. */
  readonly missing: readonly Discrepancy[];
  /** In the store, not on the server. */
  readonly extra: readonly Discrepancy[];
  /** In both, and the store has another version or another object of that name. */
  readonly older: readonly Discrepancy[];
  /** Left out of the verdict: they changed in the store while the comparison was made. */
  readonly moved: number;
}

export interface VerificationRequest<T extends KubeObject> {
  readonly source: ListerWatcher<T>;
  readonly store: Store<T>;
  readonly onTouched: (tell: (key: ObjectKey) => void) => () => void;
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly signal: Signal;
}

/** Time for events that are on their way when the list was made. */
const graceMs = 2_000;

/**
 * Lists the newest state page by page, waits for what is on its way, and compares by uid and version. Versions are
 * opaque, so "other" is all that can be said of two that differ; what changed in the store meanwhile is not judged.
 */
export async function verifyStore<T extends KubeObject>(request: VerificationRequest<T>): Promise<Verification> {
  const { source, store, clock, pacer, signal } = request;
  const touched = new Set<ObjectKey>();
  const stopListening = request.onTouched((key) => touched.add(key));
  try {
    // Only what is compared is kept: the bodies go as the pages come.
    const identity = (object: T): T => ({ metadata: identityOf(object) }) as T;
    const listed = await listObjects<T>({
      source,
      resourceVersion: "",
      pageSize: defaultPageSize,
      transform: identity,
      signal,
      pacer,
      progress: () => {},
    });
    await sleep(clock, graceMs, signal);
    if (signal.aborted) throw new InterruptedError();
    const { discrepancies, moved } = await compare(listed.objects, touched, request);
    const { missing, extra, older } = discrepancies;
    const { resourceVersion, objects } = listed;
    return {
      at: clock.now(),
      resourceVersion,
      compared: Math.max(objects.length, store.size),
      missing,
      extra,
      older,
      moved,
    };
  } finally {
    stopListening();
  }
}

async function compare<T extends KubeObject>(
  objects: readonly T[],
  touched: ReadonlySet<ObjectKey>,
  { store, pacer }: VerificationRequest<T>,
) {
  const discrepancies = { missing: [] as Discrepancy[], extra: [] as Discrepancy[], older: [] as Discrepancy[] };
  const listedKeys = new Set<ObjectKey>();
  await paced(objects, pacer, (object) => {
    const key = objectKey(object);
    listedKeys.add(key);
    if (touched.has(key)) return;
    const stored = store.get(key);
    if (stored === undefined) discrepancies.missing.push({ key, ...listedSide(object) });
    else if (!isSame(stored, object)) discrepancies.older.push({ key, ...storedSide(stored), ...listedSide(object) });
  });
  await paced(store.keys(), pacer, (key) => {
    if (listedKeys.has(key) || touched.has(key)) return;
    const stored = store.get(key);
    if (stored !== undefined) discrepancies.extra.push({ key, ...storedSide(stored) });
  });
  return { discrepancies, moved: touched.size };
}

function identityOf({ metadata: { name, namespace, uid, resourceVersion } }: KubeObject): KubeObject["metadata"] {
  return {
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}

function isSame(a: KubeObject, b: KubeObject): boolean {
  return a.metadata.uid === b.metadata.uid && versionOf(a) === versionOf(b);
}

function storedSide(object: KubeObject): Pick<Discrepancy, "storedUid" | "storedVersion"> {
  return { storedUid: object.metadata.uid ?? "", storedVersion: versionOf(object) };
}

function listedSide(object: KubeObject): Pick<Discrepancy, "listedUid" | "listedVersion"> {
  return { listedUid: object.metadata.uid ?? "", listedVersion: versionOf(object) };
}
