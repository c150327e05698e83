"use client";
import { Check, CircleCheck, Clock, Lock, RefreshCw, X } from "lucide-react";
import { useState } from "react";
import { useNow, useOfflineReason, useTopic } from "#components/live/index.ts";
import { useCluster } from "#components/shell/index.ts";
import {
  Button,
  Card,
  CopyBlock,
  Glyph,
  Segmented,
  VisuallyHidden,
  classNames,
  formatAge,
  formatClock,
  useShortcut,
} from "#components/ui/index.ts";
import type { Informer, InformerRow, Informers } from "#lib/protocol/index.ts";
import { commandText, grantYaml, missingAccess, verbsText, type MissingAccess } from "./forbidden.model.ts";
import styles from "./forbidden.module.css";
import { sortInformers } from "./informer-list.model.ts";
import { useInformerCommands } from "./use-informer-commands.ts";

const noView = {};
const rowsOf = ({ informers }: Informers): Informers["informers"] => informers;

/** Which rights are missing for whom, how to get them, and what works without. */
export function Forbidden({ informer: { row } }: { readonly informer: Informer }) {
  const cluster = useCluster();
  const offline = useOfflineReason();
  const { relist } = useInformerCommands(cluster.id, row);
  const all = useTopic(cluster.id, "informers", noView, rowsOf);
  const rows = all.phase === "live" ? sortInformers(all.value) : [row];
  const { forbidden, problem } = row;
  useShortcut({ keys: "r", label: "Check again", group: "Informers" }, relist.run);
  return (
    <div className={styles.forbidden} data-testid="informer-forbidden">
      <header className={styles.header}>
        <span className={styles.icon}>
          <Lock size={18} aria-hidden="true" />
        </span>
        <div className={styles.words}>
          <h2>
            Not allowed to {verbsText(forbidden?.verbs ?? ["list", "watch"])} {row.resource}
            {forbidden?.namespace !== undefined && ` in ${forbidden.namespace}`}
          </h2>
          <p>
            {forbidden === undefined || forbidden.user === "" ? (
              `${cluster.name} answered: ${problem?.message ?? "forbidden."}`
            ) : (
              <>
                {cluster.name} answered 403 for <code>{forbidden.user}</code>.
              </>
            )}{" "}
            Everything else keeps working.
          </p>
        </div>
        <Button
          icon={<RefreshCw size={14} aria-hidden="true" />}
          shortcut="R"
          isPending={relist.isPending}
          disabledReason={offline}
          onClick={relist.run}
        >
          Check again
        </Button>
      </header>
      {forbidden !== undefined && <Grant chosen={{ row, forbidden }} missing={missingAccess(rows)} />}
      <div className={styles.columns}>
        <Rights rows={rows} chosen={row.key} />
        <UntilThen row={row} />
      </div>
    </div>
  );
}

interface GrantProps {
  readonly chosen: MissingAccess;
  readonly missing: readonly MissingAccess[];
}

type GrantForm = "kubectl" | "yaml" | "all";

function Grant({ chosen, missing }: GrantProps) {
  const [form, setForm] = useState<GrantForm>("kubectl");
  const options = [
    { value: "kubectl", label: "kubectl" },
    { value: "yaml", label: "YAML" },
    ...(missing.length > 1
      ? [
          {
            value: "all" as const,
            label: missing.length === 2 ? "Both missing resources" : `All ${missing.length} missing`,
          },
        ]
      : []),
  ] as const satisfies readonly { readonly value: GrantForm; readonly label: string }[];
  const text = {
    kubectl: () => commandText(chosen.forbidden),
    yaml: () => grantYaml(chosen.forbidden),
    all: () => missing.map(({ forbidden }) => commandText(forbidden)).join("\n"),
  }[form]();
  return (
    <Card
      title="Grant it"
      context={`needs a cluster admin, read-only rights on ${form === "all" ? `${missing.length} resources` : "one resource"}`}
      actions={<Segmented label="Grant it by" value={form} options={options} onChange={setForm} />}
      className={styles.grant}
    >
      <CopyBlock text={text} label={form === "yaml" ? "Copy the YAML" : "Copy the commands"} hasShortcut />
    </Card>
  );
}

const verbs = ["get", "list", "watch"] as const;

interface RightsProps {
  readonly rows: readonly InformerRow[];
  readonly chosen: string;
}

/** Asked for as soon as one informer is forbidden; until the answers are there, nothing is claimed. */
function Rights({ rows, chosen }: RightsProps) {
  return (
    <Card title="What this identity may do" className={styles.rights}>
      <table>
        <thead>
          <tr>
            <th scope="col">Resource</th>
            {verbs.map((verb) => (
              <th key={verb} scope="col">
                {verb}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} className={classNames(row.key === chosen && styles.chosen)}>
              <th scope="row">
                <code>{row.resource}</code>
              </th>
              {verbs.map((verb) => (
                <td key={verb}>
                  <Right isAllowed={row.access?.[verb] ?? (isWatching(row) && verb !== "get" ? true : undefined)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function isWatching({ reflector }: InformerRow): boolean {
  return reflector.phase === "watching";
}

function Right({ isAllowed }: { readonly isAllowed: boolean | undefined }) {
  if (isAllowed === undefined) return <span className={styles.unknown}>not asked</span>;
  return isAllowed ? (
    <span className={styles.allowed}>
      <Check size={14} aria-hidden="true" />
      <VisuallyHidden>allowed</VisuallyHidden>
    </span>
  ) : (
    <span className={styles.missing}>
      <X size={13} aria-hidden="true" /> missing
    </span>
  );
}

function UntilThen({ row: { resource, forbidden, reflector } }: { readonly row: InformerRow }) {
  const now = useNow();
  const recheckAt = forbidden?.recheckAt ?? (reflector.phase === "backingOff" ? reflector.until : undefined);
  return (
    <Card title="Until then">
      <ul className={styles.until}>
        <li>
          <Glyph state="unknown" size={13} />
          <span>
            <b>What depends on {resource} reads “Cannot tell”.</b> Nothing is guessed in its place.
          </span>
        </li>
        <li>
          <CircleCheck size={14} aria-hidden="true" />
          <span>The other informers, the queue and the event list work as usual.</span>
        </li>
        <li>
          <Clock size={14} aria-hidden="true" />
          <span>
            Asked again every 30 s
            {forbidden?.checkedAt !== undefined && `, last at ${formatClock(forbidden.checkedAt)}`}
            {recheckAt !== undefined && recheckAt > now && `, next in ${formatAge(recheckAt - now)}`}. The informer
            starts by itself once allowed.
          </span>
        </li>
      </ul>
    </Card>
  );
}
