import { sentenceText, type Cluster, type DiagnosisReport, type PodDetail } from "#lib/protocol/index.ts";

const mostEvents = 10;

/** What one pastes into a ticket: the same facts as the page, in words. */
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

function markdownOf(cluster: Cluster, pod: PodDetail, now: number): string {
  const sections = [
    [
      `# ${pod.namespace}/${pod.name}`,
      "",
      `**${sentenceText(pod.verdict.headline, now)}**`,
      "",
      ...contextLines(cluster, pod, now),
    ],
    section("Why each node says no", nodeLines(pod)),
    section("What would unblock it", fixLines(pod)),
    section(
      "Evidence",
      pod.evidence.map(({ title, detail, holds }) => `- [${holds ? "x" : " "}] ${title}: ${sentenceText(detail, now)}`),
    ),
    section(
      "Facts",
      pod.facts.map((fact) => factLine(fact, now)),
    ),
    section("Events since the last failure", eventLines(pod)),
    section("kube-scheduler", comparisonLines(pod)),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** `- Kueue waits for quota: …  (Workload etl, QuotaReserved, 2m 05s ago)` */
function factLine({ title, detail, source, at }: PodDetail["facts"][number], now: number): string {
  const where = [source, at === undefined ? undefined : `${sentenceText([{ since: at }], now)} ago`].filter(
    (part) => part !== undefined,
  );
  return `- ${title}: ${sentenceText(detail, now)}${where.length === 0 || source === undefined ? "" : ` (${where.join(", ")})`}`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`## ${title}`, "", ...lines];
}

function contextLines({ name, mode, version }: Cluster, pod: PodDetail, now: number): readonly string[] {
  const { spec, verdict } = pod;
  const requests = Object.entries(spec.requests).map(([resource, amount]) => `${resource} ${amount}`);
  const attempts =
    pod.attempts === undefined ? "unknown" : `${pod.isAttemptsAtLeast === true ? "at least " : ""}${pod.attempts}`;
  const model = verdict.provenance === "simulated" ? ", by our model" : "";
  return [
    `- Verdict: \`${verdict.code}\`, ${verdict.severity}${model}`,
    `- Pending for ${sentenceText([{ since: pod.pendingSince }], now)}; in ${pod.queue}${pod.provenance === "simulated" ? " (simulated)" : ""}; attempts: ${attempts}`,
    ...(pod.nextTry === undefined ? [] : [`- Next try: ${sentenceText(pod.nextTry, now)}`]),
    `- Requests: ${requests.length === 0 ? "none" : requests.join(", ")}; priority ${spec.priority}; scheduler ${spec.scheduler}`,
    `- Cluster: ${name}, ${mode}${version === undefined ? "" : `, ${version}`}; uid ${pod.uid}`,
    `- As of ${new Date(now).toISOString()}`,
  ];
}

function nodeLines({ matrix }: PodDetail): readonly string[] {
  if (matrix === undefined) return [];
  if (matrix.preFilter !== undefined) return [`No node was looked at: ${matrix.preFilter.reasons.join(", ")}.`];
  if (matrix.fits > 0) return [`${matrix.fits} of ${matrix.nodes} nodes take it: ${matrix.fitting.join(", ")}.`];
  return [
    "| plugin | rejects | would also reject |",
    "| --- | ---: | ---: |",
    ...matrix.rows.map(
      ({ plugin, resource, first, also }) =>
        `| ${plugin}${resource === undefined ? "" : ` ${resource}`} | ${first} | ${also} |`,
    ),
    "",
    `${matrix.nodes} nodes; ${matrix.passing} more plugins pass.`,
  ];
}

function fixLines({ nearMisses, advice }: PodDetail): readonly string[] {
  const fixes = nearMisses.flatMap(({ rank, title, detail, command }) => [
    `${rank}. ${title}. ${detail}`,
    "",
    `       ${command}`,
    "",
  ]);
  const more =
    advice === undefined ? [] : [advice.text, ...(advice.command === undefined ? [] : ["", `    ${advice.command}`])];
  return [...fixes, ...more];
}

function eventLines({ sinceFailure, waking }: PodDetail): readonly string[] {
  const { queue, skip, notRegistered, events } = sinceFailure;
  const wakes = waking.map(({ label }) => label).join(", ");
  return [
    `${queue} said Queue, ${skip} said Skip, ${notRegistered} were not registered for.`,
    ...events
      .slice(0, mostEvents)
      .map(({ at, label, object = "", answer }) => `- ${new Date(at).toISOString()} ${label} ${object}: ${answer}`),
    ...(wakes === "" ? [] : ["", `What could wake it: ${wakes}.`]),
  ];
}

function comparisonLines({ comparison }: PodDetail): readonly string[] {
  const { state, rows, message, why } = comparison;
  const title = {
    agrees: "It agrees.",
    disagrees: `It disagrees on ${comparison.differing}.`,
    silent: "It has said nothing yet.",
    notCompared: why ?? "Nothing was compared.",
  }[state];
  const table =
    rows.length === 0
      ? []
      : [
          "",
          "| reason | ours | theirs |",
          "| --- | ---: | ---: |",
          ...rows.map(({ reason, ours = "", theirs = "" }) => `| ${reason} | ${ours} | ${theirs} |`),
        ];
  return [title, ...table, ...(message === undefined ? [] : ["", `> ${message}`])];
}
