import { formatCount, formatDuration, formatPlural } from "#components/ui/index.ts";
import type { Verified } from "#lib/protocol/index.ts";
import styles from "./detail-table.module.css";
import { differenceRows, differing } from "./verification.model.ts";

/** On which objects store and server do not agree. */
export function Verification({ result }: { readonly result: Verified }) {
  const rows = differenceRows(result);
  const hidden = differing(result) - rows.length;
  return (
    <>
      <p className={styles.none}>
        {`${formatPlural(result.compared, "object")} compared with a list at resourceVersion ${result.resourceVersion}, in ${formatDuration(result.tookMs)}.`}
        {result.moved > 0 && ` ${formatCount(result.moved)} changed meanwhile and were not judged.`}
        {rows.length === 0 && " None differ."}
      </p>
      {rows.length > 0 && (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Object</th>
              <th scope="col">Is</th>
              <th scope="col">Store</th>
              <th scope="col">Server</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, what, stored, listed }) => (
              <tr key={`${key} ${what}`}>
                <td className={styles.mono}>{key}</td>
                <td>{what}</td>
                <td className={styles.mono}>{stored}</td>
                <td className={styles.mono}>{listed}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {hidden > 0 && <p className={styles.none}>{formatPlural(hidden, "more object")} differ.</p>}
    </>
  );
}
