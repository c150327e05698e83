import { useId, type ReactNode, type Ref } from "react";
import { classNames } from "#components/ui/index.ts";
import { FaultSwitch, type FaultSwitchProps } from "./fault-switch.tsx";
import styles from "./faults-card.module.css";

export interface SwitchRowProps extends Omit<FaultSwitchProps, "labelledBy" | "describedBy"> {
  readonly kind: string;
  readonly words: { readonly name: string; readonly does: string; readonly expect: string };
  readonly ref?: Ref<HTMLLIElement>;
  /** Behind the name, while it is on. */
  readonly children: ReactNode;
}

/** What can be made to go wrong: its switch, what it does and what to expect of it. */
export function SwitchRow({ kind, words: { name, does, expect }, ref, children, ...switching }: SwitchRowProps) {
  const id = useId();
  const { isOn } = switching;
  return (
    <li ref={ref} className={classNames(styles.row, isOn && styles.on)} data-testid={`fault-row-${kind}`}>
      <FaultSwitch {...switching} labelledBy={`${id}-name`} describedBy={`${id}-does`} />
      <div className={styles.words}>
        <p className={styles.name}>
          <b id={`${id}-name`}>{name}</b>
          {isOn && children}
        </p>
        <p id={`${id}-does`} className={styles.does}>
          {does} <span className={styles.expect}>{expect}</span>
        </p>
      </div>
    </li>
  );
}
