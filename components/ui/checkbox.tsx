import type { InputHTMLAttributes } from "react";
import styles from "./checkbox.module.css";
import { classNames } from "./class-names.ts";

export type CheckboxProps = Omit<InputHTMLAttributes<HTMLInputElement>, "type">;

/** A box with a tick, in the colours of the page and of whoever has chosen their own. */
export function Checkbox({ className, ...rest }: CheckboxProps) {
  return <input type="checkbox" className={classNames(styles.box, className)} {...rest} />;
}
