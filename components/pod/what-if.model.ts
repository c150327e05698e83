import type { PodDetail, WhatIf } from "#lib/protocol/index.ts";

/** What the form holds: one line of text for each part. */
export interface WhatIfForm {
  readonly requests: Readonly<Record<string, string>>;
  /** `key=value:Effect`, `key:Effect`, `key`, one per line. */
  readonly tolerations: string;
  /** `key=value`, one per line. */
  readonly nodeSelector: string;
}

type Toleration = PodDetail["spec"]["tolerations"][number];

export function formOf({ requests, tolerations, nodeSelector }: PodDetail["spec"]): WhatIfForm {
  return {
    requests,
    tolerations: tolerations.map(tolerationText).join("\n"),
    nodeSelector: Object.entries(nodeSelector)
      .map(([key, value]) => `${key}=${value}`)
      .join("\n"),
  };
}

/** Only what differs from the pod's own. */
export function questionOf(form: WhatIfForm, spec: PodDetail["spec"]): WhatIf | undefined {
  const own = formOf(spec);
  const question: WhatIf = {
    ...(same(form.requests, own.requests) ? {} : { requests: { ...form.requests } }),
    ...(form.tolerations.trim() === own.tolerations
      ? {}
      : { tolerations: linesOf(form.tolerations).map(parseToleration) }),
    ...(form.nodeSelector.trim() === own.nodeSelector ? {} : { nodeSelector: parseSelector(form.nodeSelector) }),
  };
  return Object.keys(question).length === 0 ? undefined : question;
}

function same(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => a[key] === b[key]);
}

function linesOf(text: string): readonly string[] {
  return text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function tolerationText({ key = "", operator, value, effect }: Toleration): string {
  const what = operator === "Exists" || value === undefined ? key : `${key}=${value}`;
  return effect === undefined || effect === "" ? what : `${what}:${effect}`;
}

/** As `kubectl taint` writes them. Nothing before the colon tolerates every key. */
function parseToleration(line: string): Toleration {
  const [what = "", effect] = line.split(":", 2);
  const equals = what.indexOf("=");
  const key = equals < 0 ? what : what.slice(0, equals);
  return {
    ...(key === "" ? {} : { key }),
    ...(equals < 0 ? { operator: "Exists" } : { operator: "Equal", value: what.slice(equals + 1) }),
    ...(effect === undefined || effect === "" ? {} : { effect }),
  };
}

function parseSelector(text: string): Record<string, string> {
  return Object.fromEntries(
    linesOf(text).map((line) => {
      const equals = line.indexOf("=");
      return equals < 0 ? [line, ""] : [line.slice(0, equals), line.slice(equals + 1)];
    }),
  );
}
