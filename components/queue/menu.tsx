"use client";
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import styles from "./menu.module.css";

export interface MenuProps {
  readonly trigger: ReactNode;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly children: ReactNode;
}

/** Commands behind a button, opened by click or by the button's own key. */
export function Menu({ trigger, isOpen, onOpenChange, children }: MenuProps) {
  return (
    <DropdownMenu.Root open={isOpen} onOpenChange={onOpenChange} modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles.menu} align="start" sideOffset={6} collisionPadding={8} loop>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

export function MenuGroup({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <DropdownMenu.Group className={styles.group}>
      <DropdownMenu.Label className={styles.label}>{label}</DropdownMenu.Label>
      {children}
    </DropdownMenu.Group>
  );
}

export interface MenuItemProps {
  readonly icon?: ReactNode;
  /** What it does, beside its name. */
  readonly hint: string;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

export function MenuItem({ icon, hint, onSelect, children }: MenuItemProps) {
  return (
    <DropdownMenu.Item className={styles.item} onSelect={onSelect}>
      {icon !== undefined && <span className={styles.icon}>{icon}</span>}
      <span>{children}</span>
      <small>{hint}</small>
    </DropdownMenu.Item>
  );
}
