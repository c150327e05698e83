import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import styles from "./button.module.css";
import { classNames } from "./class-names.ts";
import { Kbd } from "./kbd.tsx";

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "disabled"> {
  readonly variant?: "plain" | "primary" | "ghost";
  readonly size?: "normal" | "small";
  readonly icon?: ReactNode;
  /** The shortcut, as it is shown: `A`. */
  readonly shortcut?: string;
  /** Waits for the server: the label stays, so that nothing moves. */
  readonly isPending?: boolean;
  /** Disables, and says why. The button stays focusable, so that the reason can be read. */
  readonly disabledReason?: string | undefined;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({
  variant = "plain",
  size = "normal",
  icon,
  shortcut,
  isPending = false,
  disabledReason,
  children,
  className,
  onClick,
  title,
  ...rest
}: ButtonProps) {
  const isDisabled = isPending || disabledReason !== undefined;
  return (
    <button
      type="button"
      className={classNames(styles.button, styles[variant], styles[size], className)}
      aria-disabled={isDisabled || undefined}
      aria-busy={isPending || undefined}
      aria-keyshortcuts={shortcut}
      title={disabledReason ?? title}
      onClick={(event) => {
        if (isDisabled) event.preventDefault();
        else onClick?.(event);
      }}
      {...rest}
    >
      {icon}
      {children}
      {shortcut !== undefined && <Kbd>{shortcut}</Kbd>}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, "children" | "icon" | "shortcut"> {
  readonly icon: ReactNode;
  /** The accessible name, and the tooltip. */
  readonly label: string;
}

export function IconButton({ icon, label, className, ...rest }: IconButtonProps) {
  return (
    <Button className={classNames(styles.square, className)} aria-label={label} title={label} {...rest}>
      {icon}
    </Button>
  );
}
