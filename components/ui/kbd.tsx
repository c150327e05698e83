import styles from "./kbd.module.css";

/** A key cap. Hidden from assistive technology: the control itself carries `aria-keyshortcuts`. */
export function Kbd({ children }: { readonly children: string }) {
  return (
    <kbd className={styles.kbd} aria-hidden="true">
      {children}
    </kbd>
  );
}
