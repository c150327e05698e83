/** One value of one metric, as it stands in the text format. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"\s*,?/g;
const escapes: Readonly<Record<string, string>> = { n: "\n", '"': '"', "\\": "\\" };

/**
 * The samples of the metrics that are asked for; all others are passed over without being looked at. Lines that are no
 * samples are left out. Format: Prometheus text exposition 0.0.4.
 */
export function readSamples(text: string, names: ReadonlySet<string>): ReadonlyMap<string, readonly Sample[]> {
  const found = new Map<string, Sample[]>();
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    const name = nameAt(text, start, end);
    if (names.has(name)) {
      const sample = sampleOf(text.slice(start + name.length, end));
      const samples = found.get(name);
      if (sample === undefined) {
        // Half a line, or one of another format.
      } else if (samples === undefined) found.set(name, [sample]);
      else samples.push(sample);
    }
    start = end + 1;
  }
  return found;
}

/** The name that a line begins with; empty for a comment. */
function nameAt(text: string, start: number, end: number): string {
  let index = start;
  while (index < end && text[index] !== "{" && text[index] !== " " && text[index] !== "#") index++;
  return text.slice(start, index);
}

function sampleOf(rest: string): Sample | undefined {
  const closing = rest.startsWith("{") ? rest.lastIndexOf("}") : 0;
  if (closing === -1) return undefined;
  const labels: Record<string, string> = {};
  for (const [, name = "", value = ""] of rest.slice(1, closing).matchAll(label)) {
    labels[name] = value.replaceAll(/\\(.)/g, (_, escaped: string) => escapes[escaped] ?? escaped);
  }
  const [written = ""] = rest
    .slice(closing === 0 ? 0 : closing + 1)
    .trim()
    .split(/\s+/);
  const value = numberOf(written);
  return value === undefined ? undefined : { labels, value };
}

function numberOf(written: string): number | undefined {
  if (written === "+Inf") return Number.POSITIVE_INFINITY;
  if (written === "-Inf") return Number.NEGATIVE_INFINITY;
  const value = Number(written);
  return written === "" || Number.isNaN(value) ? undefined : value;
}
