const comment = /^# (?:HELP [a-zA-Z_:][\w:]* .*|TYPE [a-zA-Z_:][\w:]* (?:gauge|counter|histogram|summary|untyped))$/;
const label = String.raw`[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*"`;
const sample = new RegExp(String.raw`^([a-zA-Z_:][\w:]*)(\{${label}(?:,${label})*\})? (N[Aa][Nn]|[+-]Inf|[-+.\deE]+)$`);

/**
 * Reads Prometheus's text format, strictly: each series with its value. Throws for a line that is none of it, a series
 * that is there twice, and one whose type nobody said.
 */
export function samplesOf(text: string): ReadonlyMap<string, number> {
  const types = new Set<string>();
  const samples = new Map<string, number>();
  for (const line of text.split("\n")) {
    if (line === "") continue;
    if (line.startsWith("#")) {
      if (!comment.test(line)) throw new Error(`no comment of the format: ${line}`);
      const [, kind, name = ""] = line.split(" ");
      if (kind === "TYPE") types.add(name);
      continue;
    }
    const [, name = "", labels = "", value = ""] = sample.exec(line) ?? [];
    if (name === "") throw new Error(`no sample of the format: ${line}`);
    if (!types.has(name) && !types.has(name.replace(/_(?:bucket|sum|count)$/, ""))) throw new Error(`no type: ${line}`);
    if (samples.has(name + labels)) throw new Error(`there twice: ${name}${labels}`);
    samples.set(name + labels, Number(value.replace("Inf", "Infinity")));
  }
  return samples;
}
