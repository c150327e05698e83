/** `npm run bench -- [informer] [queue] [diagnosis] [pages] [attach] [ui] [embedded] [--runs N] [--json]`. Fails for no time that was measured. */
import process from "node:process";
import { parseArgs } from "node:util";
import { benchAttach } from "./attach/section.ts";
import { benchDiagnosis } from "./diagnosis/section.ts";
import { benchEmbedded } from "./embedded/section.ts";
import { benchInformer } from "./informer/section.ts";
import { benchQueue } from "./queue/section.ts";
import type { Figure } from "./figure.ts";
import type { Section } from "./section.ts";
import { benchPages } from "./pages/section.ts";
import { tableOf } from "./table.ts";
import { benchViewer } from "./viewer/section.ts";

const sections = {
  queue: benchQueue,
  informer: benchInformer,
  diagnosis: benchDiagnosis,
  pages: benchPages,
  ui: benchViewer,
  attach: benchAttach,
  embedded: benchEmbedded,
} as const satisfies Record<string, Section>;
type SectionName = keyof typeof sections;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, runs: { type: "string", default: "3" } },
});
const runs = Number(values.runs);
const chosen = positionals.length === 0 ? Object.keys(sections) : positionals;
if (!chosen.every(isSection) || !Number.isInteger(runs) || runs < 1) {
  console.error(`expected: npm run bench -- [${Object.keys(sections).join("] [")}] [--runs N] [--json]`);
  process.exitCode = 2;
} else {
  await bench(chosen);
}

async function bench(names: readonly SectionName[]): Promise<void> {
  const figures: (Figure & { readonly section: SectionName })[] = [];
  const missing: string[] = [];
  for (const section of names) {
    if (!values.json) console.error(`measuring: ${section} (${runs} times)`);
    const found = await sections[section]({ runs });
    figures.push(...found.figures.map((figure) => ({ section, ...figure })));
    missing.push(...found.missing);
    if (!values.json) console.log(`\n${section}\n${tableOf(found.figures)}\n${found.missing.join("\n")}`);
  }
  if (values.json) console.log(JSON.stringify({ runs, node: process.version, figures, missing }, undefined, 2));
}

function isSection(name: string): name is SectionName {
  return Object.hasOwn(sections, name);
}
