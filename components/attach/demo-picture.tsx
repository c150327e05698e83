import styles from "./demo-picture.module.css";

const elements = [
  { key: "A", isPod: true, isSolid: false },
  { key: "N~", isPod: false, isSolid: false },
  { key: "P+", isPod: false, isSolid: false },
  { key: "B", isPod: true, isSolid: true },
  { key: "U~", isPod: false, isSolid: false },
  { key: "P−", isPod: false, isSolid: false },
  { key: "N+", isPod: false, isSolid: false },
] as const;

const pitch = 41;

/** What the product is about, in one line: pods in the list of the events that happen meanwhile. */
export function DemoPicture() {
  return (
    <svg className={styles.picture} viewBox="0 0 290 40" aria-hidden="true">
      {elements.map(({ key, isPod, isSolid }, index) => (
        <g key={key} transform={`translate(${6 + index * pitch} 4)`}>
          {index > 0 && <path className={styles.link} d="M-11 12h8m-2.5-2.5L-3 12M-3 20h-8m2.5 2.5L-11 20" />}
          {isPod ? (
            <path className={isSolid ? styles.solid : styles.pod} d="M15 0 31 16 15 32-1 16z" />
          ) : (
            <rect className={styles.event} x="1" y="2" width="28" height="28" rx="4" />
          )}
          <text className={isSolid ? styles.inverse : styles.text} x="15" y="20">
            {key}
          </text>
        </g>
      ))}
    </svg>
  );
}
