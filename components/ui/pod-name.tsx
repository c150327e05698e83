import { splitPodName } from "./pod-name.model.ts";
import styles from "./pod-name.module.css";
import { VisuallyHidden } from "./visually-hidden.tsx";

export interface PodNameProps {
  readonly namespace: string;
  readonly name: string;
}

/**
 * `namespace/name`, cut in the middle where there is too little room: the last six characters are always visible. What is
 * drawn in parts is said whole.
 */
export function PodName({ namespace, name }: PodNameProps) {
  const { head, tail } = splitPodName(name);
  const whole = namespace === "" ? name : `${namespace}/${name}`;
  return (
    <span className={styles.pod} title={whole}>
      <span className={styles.said}>
        <VisuallyHidden>{whole}</VisuallyHidden>
      </span>
      <span className={styles.head} aria-hidden="true">
        {namespace !== "" && <span className={styles.namespace}>{namespace}/</span>}
        {head}
      </span>
      <span className={styles.tail} aria-hidden="true">
        {tail}
      </span>
    </span>
  );
}
