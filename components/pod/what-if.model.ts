import type { PodDetail, WhatIf } from "#lib/protocol/index.ts";

/** What the form holds. The server reads it, and says what it cannot read. */
export interface WhatIfForm {
  readonly requests: Readonly<Record<string, string>>;
  readonly tolerations: string;
  readonly nodeSelector: string;
  readonly nodeAffinity: string;
}

type Toleration = PodDetail["spec"]["tolerations"][number];

export function formOf({ requests, tolerations, nodeSelector, nodeAffinity = "" }: PodDetail["spec"]): WhatIfForm {
  return {
    requests,
    tolerations: tolerations.map(tolerationText).join("\n"),
    nodeSelector: Object.entries(nodeSelector)
      .map(([key, value]) => `${key}=${value}`)
      .join("\n"),
    nodeAffinity,
  };
}

const texts = ["tolerations", "nodeSelector", "nodeAffinity"] as const;

/** Only what differs from the pod's own. */
export function questionOf(form: WhatIfForm, spec: PodDetail["spec"]): WhatIf | undefined {
  const own = formOf(spec);
  const changed = texts.filter((field) => form[field].trim() !== own[field]);
  const question: WhatIf = {
    ...(same(form.requests, own.requests) ? {} : { requests: { ...form.requests } }),
    ...Object.fromEntries(changed.map((field) => [field, form[field]])),
  };
  return Object.keys(question).length === 0 ? undefined : question;
}

function same(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => a[key] === b[key]);
}

/** As `kubectl taint` writes them. */
function tolerationText({ key = "", operator, value, effect }: Toleration): string {
  const what = operator === "Exists" || value === undefined ? key : `${key}=${value}`;
  return effect === undefined || effect === "" ? what : `${what}:${effect}`;
}
