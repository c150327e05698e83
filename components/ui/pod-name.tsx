import { splitPodName } from "./pod-name.model.ts";
import styles from "./pod-name.module.css";

export interface PodNameProps {
  readonly namespace: string;
  readonly name: string;
}

/** `namespace/name`, cut in the middle where there is too little room: the last six characters are always visible. */
export function PodName({ namespace, name }: PodNameProps) {
  const { head, tail } = splitPodName(name);
  return (
    <span className={styles.pod} title={namespace === "" ? name : `${namespace}/${name}`}>
      <span className={styles.head}>
        {namespace !== "" && <span className={styles.namespace}>{namespace}/</span>}
        {head}
      </span>
      <span className={styles.tail}>{tail}</span>
    </span>
  );
}
