import { sentenceText, type DiagnosisReport, type PodDetail } from "#lib/protocol/index.ts";
import {
  comparisonTitle,
  differencesIn,
  eventsText,
  nodesText,
  pendingText,
  reasonsOf,
  sourceText,
  taintsText,
  wantsText,
} from "./facts-in-words.ts";
import { Layout, type Terminal } from "./layout.ts";

const mostEvents = 5;
const mostWaking = 8;
const label = 12;

/** The sentence, what would unblock the pod, then the proof. Commands stay in one line, so that they can be copied. */
export function podText({ pod, headline, cluster }: DiagnosisReport, terminal: Terminal, now: number): string {
  const layout = new Layout(terminal);
  const { verdict } = pod;
  const model = verdict.provenance === "simulated" ? ", by our model" : "";
  const version = cluster.version === undefined ? "" : `, ${cluster.version}`;
  const named = (name: string, text: string): readonly string[] => layout.item(name.padEnd(label), text);
  const isHeld = verdict.severity === "held";
  const fixes = fixLines(layout, pod);
  const sections = [
    [
      layout.quiet(`${pod.namespace}/${pod.name}`),
      ...layout.wrap(headline).map((line) => layout.ofSeverity(verdict.severity, line)),
    ],
    [
      ...named("Verdict", `${verdict.code}, ${verdict.severity}${model}`),
      ...(pod.lastVerdict === undefined ? [] : named("Last verdict", sentenceText(pod.lastVerdict, now))),
      ...named("Pending", pendingText(pod, now)),
      ...(pod.nextTry === undefined || pod.state !== "pending"
        ? []
        : named("Next try", sentenceText(pod.nextTry, now))),
      ...named("Requests", wantsText(pod)),
      ...named("Cluster", `${cluster.name} (${cluster.mode}${version})`),
    ],
    ...(pod.state === "pending"
      ? [
          section(layout, "What would unblock it", [...adviceLines(layout, pod), ...(isHeld ? [] : fixes)]),
          section(layout, "What others say", factLines(layout, pod, { isSaid: true, now })),
          section(layout, "Once nothing holds it", isHeld ? fixes : []),
          section(layout, "Also true", factLines(layout, pod, { isSaid: false, now })),
          section(layout, nodesTitle(pod), nodeLines(layout, pod)),
          section(layout, evidenceTitle(pod), evidenceLines(layout, pod, now)),
          section(layout, "Events since the last failure", eventLines(layout, pod)),
          section(layout, comparisonTitle(pod), comparisonLines(layout, pod)),
        ]
      : []),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function section(layout: Layout, title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [layout.strong(title), ...lines];
}

function adviceLines(layout: Layout, { advice }: PodDetail): readonly string[] {
  return advice === undefined ? [] : [...layout.wrap(advice.text, "  "), ...command(advice.command)];
}

function fixLines(layout: Layout, { nearMisses }: PodDetail): readonly string[] {
  return nearMisses.flatMap((each) => [
    ...layout.item(`  ${each.rank}. `, `${each.title}. ${each.detail}`),
    ...command(each.command),
  ]);
}

function command(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [`     $ ${text}`];
}

function factLines(
  layout: Layout,
  { facts }: PodDetail,
  { isSaid, now }: { readonly isSaid: boolean; readonly now: number },
): readonly string[] {
  return facts
    .filter(({ by }) => (by !== undefined) === isSaid)
    .flatMap((fact) => {
      const where = sourceText(fact, now);
      return [
        ...layout.item("  - ", `${fact.title}: ${sentenceText(fact.detail, now)}`),
        ...(where === undefined ? [] : [layout.quiet(`    ${where}`)]),
      ];
    });
}

function nodesTitle({ matrix }: PodDetail): string {
  if (matrix === undefined || matrix.preFilter !== undefined) return "Nodes";
  return matrix.fits > 0 ? "Nodes" : `Why each of ${matrix.nodes} nodes says no`;
}

function nodeLines(layout: Layout, pod: PodDetail): readonly string[] {
  const sentence = nodesText(pod);
  if (sentence !== undefined) return layout.wrap(sentence, "  ");
  const reasons = reasonsOf(pod);
  const width = Math.max(0, ...reasons.map(({ nodes }) => String(nodes).length));
  return reasons.flatMap(({ nodes, name, also }) => {
    const more =
      also === 0 ? "" : nodes === 0 ? ` (would reject ${also}, after others)` : ` (would reject ${also} more)`;
    const which = name === "TaintToleration" ? taintsText(pod) : undefined;
    return layout.item(
      `  ${(nodes === 0 ? "-" : String(nodes)).padStart(width)}  `,
      `${name}${more}${which === undefined ? "" : `: ${which}`}`,
    );
  });
}

function evidenceTitle({ evidence }: PodDetail): string {
  return `Evidence: ${evidence.filter(({ holds }) => holds).length} of ${evidence.length} hold`;
}

function evidenceLines(layout: Layout, { evidence }: PodDetail, now: number): readonly string[] {
  return evidence.flatMap(({ title, detail, holds }) =>
    layout.item(holds ? "  yes  " : "  no   ", `${title}: ${sentenceText(detail, now)}`),
  );
}

function eventLines(layout: Layout, pod: PodDetail): readonly string[] {
  const { sinceFailure, waking, attempts } = pod;
  if (sinceFailure.at === undefined || attempts === 0) return [];
  const labels = waking.map((each) => each.label);
  const more = labels.length > mostWaking ? ` and ${labels.length - mostWaking} more` : "";
  return [
    ...layout.wrap(`${eventsText(pod)}.`, "  "),
    ...sinceFailure.events
      .slice(0, mostEvents)
      .flatMap(({ at, label: event, object = "", answer }) =>
        layout.item("  - ", `${sentenceText([{ time: at }], at)} ${event} ${object}: ${answer}`),
      ),
    ...(labels.length === 0
      ? []
      : layout.wrap(`What could wake it: ${labels.slice(0, mostWaking).join(", ")}${more}.`, "  ")),
  ];
}

function comparisonLines(layout: Layout, pod: PodDetail): readonly string[] {
  const { message, why } = pod.comparison;
  return [
    ...(why === undefined ? [] : layout.wrap(why, "  ")),
    ...differencesIn(pod).flatMap((line) => layout.item("  - ", line)),
    ...(message === undefined ? [] : layout.wrap(message, "  ").map((line) => layout.quiet(line))),
  ];
}
