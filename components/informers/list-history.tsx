import { Chip, formatClock, formatCount, formatDuration } from "#components/ui/index.ts";
import type { Informer } from "#lib/protocol/index.ts";
import styles from "./detail-table.module.css";
import { causeWords, outcomeWords } from "./list-history.model.ts";

/** Each time that everything was asked for, the newest first: why, and how it went. */
export function ListHistory({ reflector: { lists } }: Pick<Informer, "reflector">) {
  if (lists.length === 0) return <p className={styles.none}>Nothing was asked for yet.</p>;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">At</th>
          <th scope="col">Why</th>
          <th scope="col">How</th>
          <th scope="col" className={styles.number}>
            Took
          </th>
          <th scope="col" className={styles.number}>
            Objects
          </th>
          <th scope="col">Ended</th>
        </tr>
      </thead>
      <tbody>
        {lists.toReversed().map((list) => (
          <tr key={list.at}>
            <td className={styles.mono} title={new Date(list.at).toISOString()}>
              {formatClock(list.at)}
            </td>
            <td title={list.reason}>{causeWords(list)}</td>
            <td>
              {list.isStreamed ? "streamed" : `${formatCount(list.pages)} ${list.pages === 1 ? "page" : "pages"}`}
            </td>
            <td className={styles.number}>{list.tookMs === undefined ? "" : formatDuration(list.tookMs)}</td>
            <td className={styles.number}>{formatCount(list.objects)}</td>
            <td>
              {list.outcome === "failed" ? (
                <Chip tone="uns" size="small" title={list.error ?? list.reason}>
                  {list.error ?? "failed"}
                </Chip>
              ) : (
                outcomeWords[list.outcome]
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
