import styles from "./skeleton.module.css";

/** Stands where a value will be, as wide as the widest value expected. Says nothing: the region says that it loads. */
export function Skeleton({ width, height = 10 }: { readonly width: number | string; readonly height?: number }) {
  return <span className={styles.skeleton} style={{ width, height }} aria-hidden="true" />;
}
