import type { ReactNode } from "react";
import { formatCount, formatExactCount } from "#components/ui/index.ts";
import styles from "./region-labels.module.css";
import type { Measures } from "./geometry.model.ts";
import { recentSentence } from "./sentences.model.ts";
import type { Regions } from "./strip.model.ts";

export interface RegionLabelsProps {
  readonly regions: Regions;
  readonly measures: Measures;
  readonly prunedTotal: number;
  readonly undrawn: number;
  readonly letter: string | undefined;
  /** Events behind the marker of the pod that is looked at. */
  readonly behind: number;
  /** Elements of the list that are out of sight to the left; a button there tells of them. */
  readonly hiddenLeft: number;
}

/** Room for "1,204 older". */
const besideButton = 84;

/** What the stretches of the list mean, above them. Each stays in sight as long as its stretch does. */
export function RegionLabels({
  regions,
  measures,
  prunedTotal,
  undrawn,
  letter,
  behind,
  hiddenLeft,
}: RegionLabelsProps) {
  const { ghosts, older, recent, end } = regions;
  const edge = measures.names + (hiddenLeft > 0 ? besideButton : 8);
  return (
    <div className={styles.labels} style={{ width: end }}>
      {undrawn > 0 && ghosts === undefined ? (
        <Label from={0} to={older?.to ?? recent?.from ?? end} edge={edge}>
          {formatCount(undrawn)} older not drawn
        </Label>
      ) : (
        <>
          {ghosts !== undefined && (
            <Label {...ghosts} edge={edge}>
              <span title={`${formatExactCount(prunedTotal)} elements left the list so far`}>
                pruned {formatCount(prunedTotal)}
              </span>
            </Label>
          )}
          {older !== undefined && letter !== undefined && (
            <Label {...older} edge={edge}>
              older than {letter}, not counted
            </Label>
          )}
        </>
      )}
      {recent !== undefined && letter !== undefined && (
        <Label {...recent} edge={edge} isRecent>
          {recentSentence(letter, behind)}
        </Label>
      )}
      {end > 300 && (recent === undefined || recent.to - recent.from > 300) ? (
        <span className={styles.tail}>tail, newest</span>
      ) : null}
    </div>
  );
}

interface LabelProps {
  readonly from: number;
  readonly to: number;
  readonly edge: number;
  readonly isRecent?: boolean;
  readonly children: ReactNode;
}

function Label({ from, to, edge, isRecent = false, children }: LabelProps) {
  return (
    <div className={isRecent ? styles.recent : styles.label} style={{ left: from, width: Math.max(0, to - from) }}>
      <span style={{ left: edge }}>{children}</span>
    </div>
  );
}
