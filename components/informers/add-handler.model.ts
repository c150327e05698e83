import type {
  AddHandlerRequest,
  ApiResource,
  HandlerKind,
  InformerRow,
  PreviewProblem,
  PreviewRequest,
} from "#lib/protocol/index.ts";
import { labelSelectorProblem } from "./label-selector.model.ts";

/** A chain check is for programs: it is added through REST, and its digest compared there. */
export type AddableKind = Exclude<HandlerKind, "builtIn" | "chain">;
export const addableKinds = ["tail", "count", "diff", "slow"] as const satisfies readonly AddableKind[];

/** The form, as it stands in the address. */
export interface HandlerForm {
  readonly kind: AddableKind;
  readonly owner: string;
  readonly namespace: string;
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly cel: string;
  readonly resyncMs: number;
  readonly delayMs: number;
  readonly times: number;
}

export const kinds = {
  tail: { title: "Tail", text: "Stream events to the drawer" },
  count: { title: "Count", text: "Count what it is told" },
  diff: { title: "Diff", text: "Show what an update changed" },
  slow: { title: "Slow", text: "Delay deliveries to build a backlog" },
} as const satisfies Record<AddableKind, { readonly title: string; readonly text: string }>;

export const resyncChoices = [0, 30_000, 60_000, 600_000, 3_600_000] as const;

export interface FormProblems {
  readonly resource?: string;
  readonly owner?: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly cel?: string;
  readonly times?: string;
  readonly delayMs?: string;
}

/** Why the form cannot be sent yet; empty when it can. */
export function formProblems(form: HandlerForm, informer: string | undefined): FormProblems {
  const selector = labelSelectorProblem(form.labelSelector);
  return {
    ...(informer === undefined ? { resource: "Choose a resource." } : {}),
    ...(form.owner.trim() === "" ? { owner: "Say who owns it, so that it can be found again." } : {}),
    ...(selector === undefined ? {} : { labelSelector: selector }),
    ...(Number.isInteger(form.times) && form.times >= 1 && form.times <= 20 ? {} : { times: "1 to 20." }),
    ...(form.kind === "slow" && !(form.delayMs >= 1 && form.delayMs <= 60_000) ? { delayMs: "1 to 60,000 ms." } : {}),
  };
}

/** What the server found wrong, by the field that it is about. It knows better than the form. */
export function problemsOfServer(problems: readonly PreviewProblem[]): FormProblems {
  return Object.fromEntries(problems.map(({ field, message }) => [field, message]));
}

/** Until somebody tries to send the form, what is not filled in yet is no mistake. */
export function withoutMissing({ resource: _resource, owner: _owner, ...others }: FormProblems): FormProblems {
  return others;
}

/** What the server is asked before the handler is added. */
export function previewRequestOf(form: HandlerForm): PreviewRequest {
  const { filter = {}, resyncMs, times } = requestOf(form);
  return {
    filter,
    ...(resyncMs === undefined ? {} : { resyncMs }),
    ...(times === undefined ? {} : { times }),
  };
}

export function requestOf(form: HandlerForm): AddHandlerRequest {
  const namespace = form.namespace.trim();
  const labelSelector = form.labelSelector.trim();
  const fieldSelector = form.fieldSelector.trim();
  const cel = form.cel.trim();
  return {
    kind: form.kind,
    owner: form.owner.trim(),
    filter: {
      ...(namespace === "" ? {} : { namespace }),
      ...(labelSelector === "" ? {} : { labelSelector }),
      ...(fieldSelector === "" ? {} : { fieldSelector }),
      ...(cel === "" ? {} : { cel }),
    },
    ...(form.resyncMs === 0 ? {} : { resyncMs: form.resyncMs }),
    ...(form.kind === "slow" ? { delayMs: form.delayMs } : {}),
    ...(form.times === 1 ? {} : { times: form.times }),
  };
}

/** A resource to choose: served by an informer that runs already, or by one that would be started. */
export interface ResourceChoice {
  /** Key of the informer. */
  readonly key: string;
  readonly resource: string;
  readonly groupVersion: string;
  readonly kind: string | undefined;
  readonly isNamespaced: boolean;
  readonly running: InformerRow | undefined;
}

/** Everything that can be chosen, by section: the core group, Kubernetes' other groups, custom resources. */
export function resourceSections(
  resources: readonly ApiResource[],
  informers: readonly InformerRow[],
): readonly { readonly name: string; readonly choices: readonly ResourceChoice[] }[] {
  const byResource = new Map(resources.map((resource) => [`${resource.groupVersion}/${resource.resource}`, resource]));
  const running = informers.map((row): ResourceChoice => {
    const found = byResource.get(`${row.groupVersion}/${row.resource}`);
    return {
      key: row.key,
      resource: row.resource,
      groupVersion: row.groupVersion,
      kind: found?.kind,
      isNamespaced: found?.isNamespaced ?? true,
      running: row,
    };
  });
  const isRunning = new Set(informers.map(({ key }) => key));
  const startable = resources
    .filter(({ key }) => !isRunning.has(key))
    .map((resource): ResourceChoice => ({ ...resource, running: undefined }));
  const bySection = Map.groupBy([...running, ...startable], ({ groupVersion }) => sectionOf(groupVersion));
  return sections.flatMap((name) => {
    const choices = bySection.get(name);
    return choices === undefined ? [] : [{ name, choices }];
  });
}

const sections = ["Core", "Kubernetes", "Custom resources"] as const;

function sectionOf(groupVersion: string): (typeof sections)[number] {
  const [group, version] = groupVersion.split("/");
  if (group === undefined || version === undefined) return "Core";
  return !group.includes(".") || group.endsWith(".k8s.io") ? "Kubernetes" : "Custom resources";
}

export function matchesSearch({ key, kind }: ResourceChoice, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return wanted === "" || key.toLowerCase().includes(wanted) || (kind ?? "").toLowerCase().includes(wanted);
}
