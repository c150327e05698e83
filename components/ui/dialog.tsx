"use client";
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { IconButton } from "./button.tsx";
import styles from "./dialog.module.css";

export interface DialogProps {
  readonly title: string;
  /** Said with the title when the dialog opens; not drawn. */
  readonly description: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** The row at the bottom. */
  readonly footer?: ReactNode;
  readonly width?: number;
}

/** Traps the focus while it is open and gives it back. */
export function Dialog({ title, description, isOpen, onClose, children, footer, width = 480 }: DialogProps) {
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={styles.veil} />
        <Radix.Content className={styles.dialog} style={{ width }} aria-modal="true">
          <div className={styles.header}>
            <Radix.Title className={styles.title}>{title}</Radix.Title>
            <Radix.Description className={styles.description}>{description}</Radix.Description>
          </div>
          <div className={styles.body}>{children}</div>
          {footer !== undefined && <div className={styles.footer}>{footer}</div>}
          {/* Last, so that the focus begins where the work is. */}
          <Radix.Close asChild>
            <IconButton
              className={styles.close}
              icon={<X size={14} aria-hidden="true" />}
              label="Close"
              variant="ghost"
              size="small"
            />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
