import styles from "./mark-shape.module.css";
import type { Mark } from "./marks.model.ts";

/** A mark on its own, 13 px: legend and popover. In the rows the same shapes are joined into paths. */
export function MarkShape({ mark }: { readonly mark: Mark }) {
  return (
    <svg className={styles[mark]} width="13" height="13" viewBox="0 0 13 13" aria-hidden="true">
      {mark === "none" ? (
        <circle cx="6.5" cy="6.5" r="2.4" />
      ) : (
        <>
          <rect x=".5" y=".5" width="12" height="12" rx="3" />
          <path d={mark === "skip" ? "M3.6 6.5h5.8" : "M6.5 9.6V3.8M3.9 6.2l2.6-2.6 2.6 2.6"} />
        </>
      )}
    </svg>
  );
}
