/** Minor versions of kube-scheduler whose behaviour is modelled. */
const modelledMinors: readonly number[] = [33, 34, 35, 36];

export interface VersionModel {
  readonly isModelled: boolean;
  /** What it means that it is not. */
  readonly notModelled?: string;
}

/** @param version as the API server says it: `v1.36.3`, `v1.33.4-gke.100`; `undefined` while it has not. */
export function modelOf(version: string | undefined): VersionModel {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version ?? "") ?? [];
  if (major === "1" && modelledMinors.includes(Number(minor))) return { isModelled: true };
  const newest = modelledMinors.at(-1) ?? 0;
  const what = minor === undefined ? "A version that is not known" : `Kubernetes ${major}.${minor}`;
  return {
    isModelled: false,
    notModelled:
      `${what} is not modelled: the queue is shown as that of 1.${newest}, and may differ from what kube-scheduler does. ` +
      "Nothing is called a missed event, or a disagreement, because of it.",
  };
}
