import { sentenceText, type Cluster, type DiagnosisReport, type PodDetail } from "#lib/protocol/index.ts";
import {
  comparisonTitle,
  differencesIn,
  eventsText,
  nodesText,
  pendingText,
  reasonsOf,
  sourceText,
  wantsText,
} from "./facts-in-words.ts";

const mostEvents = 10;

/** What one pastes into a ticket or a channel: the same facts as the page, in words. */
export function diagnosisReportOf(cluster: Cluster, pod: PodDetail, now: number): DiagnosisReport {
  const { id, name, mode, version } = cluster;
  return {
    ok: true,
    cluster: { id, name, mode, ...(version === undefined ? {} : { version }) },
    pod,
    headline: sentenceText(pod.verdict.headline, now),
    markdown: markdownOf(cluster, pod, now),
  };
}

/** The answer first. No tables: where it is pasted, they may not be drawn. */
function markdownOf(cluster: Cluster, pod: PodDetail, now: number): string {
  const held = pod.evidence.filter(({ holds }) => holds).length;
  const isHeld = pod.verdict.severity === "held";
  const sections = [
    [`# ${pod.namespace}/${pod.name}`, "", `**${sentenceText(pod.verdict.headline, now)}**`, "", ...summary(pod, now)],
    section("What would unblock it", isHeld ? adviceLines(pod) : [...adviceLines(pod), ...fixLines(pod)]),
    section(
      "What others say",
      pod.facts.filter(({ by }) => by !== undefined).map((fact) => factLine(fact, now)),
    ),
    section("Once nothing holds it", isHeld ? fixLines(pod) : []),
    section(
      "Also true",
      pod.facts.filter(({ by }) => by === undefined).map((fact) => factLine(fact, now)),
    ),
    section(`Why each node says no${pod.matrix === undefined ? "" : ` (${pod.matrix.nodes} nodes)`}`, nodeLines(pod)),
    section(
      `Evidence (${held} of ${pod.evidence.length} hold)`,
      pod.evidence.map(({ title, detail, holds }) => `- [${holds ? "x" : " "}] ${title}: ${sentenceText(detail, now)}`),
    ),
    section("Events since the last failure", eventLines(pod)),
    section(comparisonTitle(pod), comparisonLines(pod)),
    [origin(cluster, pod, now)],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`## ${title}`, "", ...lines];
}

function summary(pod: PodDetail, now: number): readonly string[] {
  const { verdict } = pod;
  const model = verdict.provenance === "simulated" ? ", by our model" : "";
  return [
    `- Verdict: \`${verdict.code}\`, ${verdict.severity}${model}`,
    ...(pod.lastVerdict === undefined ? [] : [`- Last verdict: ${sentenceText(pod.lastVerdict, now)}`]),
    `- Pending: ${pendingText(pod, now)}`,
    ...(pod.nextTry === undefined ? [] : [`- Next try: ${sentenceText(pod.nextTry, now)}`]),
    `- Requests: ${wantsText(pod)}`,
  ];
}

/** Of what, and when: so that it can be told from another one later. */
function origin({ name, mode, version }: Cluster, { uid }: PodDetail, now: number): string {
  const of = `${name} (${mode}${version === undefined ? "" : `, ${version}`})`;
  return `kube-inflight, cluster ${of}, pod uid ${uid}, ${new Date(now).toISOString()}`;
}

function factLine(fact: PodDetail["facts"][number], now: number): string {
  const where = sourceText(fact, now);
  return `- ${fact.title}: ${sentenceText(fact.detail, now)}${where === undefined ? "" : ` (${where})`}`;
}

function nodeLines(pod: PodDetail): readonly string[] {
  if (pod.state !== "pending") return [];
  const sentence = nodesText(pod);
  if (sentence !== undefined) return [sentence];
  return reasonsOf(pod).map(({ nodes, name, also }) => {
    const more =
      also === 0 ? "" : nodes === 0 ? ` would reject ${also}, after others` : `, and would reject ${also} more`;
    return nodes === 0 ? `- \`${name}\`${more}` : `- \`${name}\` rejects ${nodes}${more}`;
  });
}

function adviceLines({ advice }: PodDetail): readonly string[] {
  return advice === undefined ? [] : [advice.text, ...(advice.command === undefined ? [] : fenced(advice.command))];
}

function fixLines({ nearMisses }: PodDetail): readonly string[] {
  return nearMisses.flatMap(({ rank, title, detail, command }) => [
    `${rank}. ${title}. ${detail}`,
    ...fenced(command, "   "),
  ]);
}

function fenced(command: string, indent = ""): readonly string[] {
  return [`${indent}\`\`\`sh`, `${indent}${command}`, `${indent}\`\`\``];
}

function eventLines(pod: PodDetail): readonly string[] {
  const { sinceFailure, waking, attempts } = pod;
  if (sinceFailure.at === undefined || attempts === 0) return [];
  const wakes = waking.map(({ label }) => `\`${label}\``).join(", ");
  return [
    `${eventsText(pod)}.`,
    ...sinceFailure.events
      .slice(0, mostEvents)
      .map(({ at, label, object = "", answer }) => `- ${new Date(at).toISOString()} ${label} ${object}: ${answer}`),
    ...(wakes === "" ? [] : ["", `What could wake it: ${wakes}.`]),
  ];
}

function comparisonLines(pod: PodDetail): readonly string[] {
  const { state, message, why } = pod.comparison;
  if (state === "silent" || (state === "notCompared" && message === undefined)) return why === undefined ? [] : [why];
  return [
    ...(why === undefined ? [] : [why]),
    ...differencesIn(pod).map((line) => `- ${line}`),
    ...(message === undefined ? [] : [`> ${message}`]),
  ];
}
