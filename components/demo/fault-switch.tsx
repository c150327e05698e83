"use client";
import type { ReactNode } from "react";
import styles from "./fault-switch.module.css";

export interface FaultSwitchProps {
  readonly isOn: boolean;
  readonly isPending: boolean;
  readonly disabledReason: string | undefined;
  readonly labelledBy: string;
  readonly describedBy: string;
  readonly onSwitch: () => void;
}

/** On or off, by shape as well as by hue. It shows what the server has said, not what was asked for. */
export function FaultSwitch(props: FaultSwitchProps): ReactNode {
  const { isOn, isPending, disabledReason, labelledBy, describedBy, onSwitch } = props;
  const isDisabled = isPending || disabledReason !== undefined;
  return (
    <button
      type="button"
      role="switch"
      className={styles.switch}
      aria-checked={isOn}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      aria-disabled={isDisabled || undefined}
      aria-busy={isPending || undefined}
      title={disabledReason}
      onClick={() => {
        if (!isDisabled) onSwitch();
      }}
    >
      <i />
    </button>
  );
}
