"use client";
import { useEffect } from "react";
import { Toaster as Sonner } from "sonner";
import { toastStage } from "#components/ui/index.ts";
import { useTheme } from "./theme.ts";
import styles from "./toaster.module.css";

const toastClasses = {
  ...(styles["toast"] === undefined ? {} : { toast: styles["toast"] }),
  ...(styles["action"] === undefined ? {} : { actionButton: styles["action"] }),
};

/** How long a removed thing can be brought back. */
const toastMs = 8_000;

export function Toaster() {
  const { theme } = useTheme();
  // Runs after those of what it draws: by then they listen.
  useEffect(() => toastStage.isMounted(), []);
  return (
    <Sonner
      theme={theme}
      position="bottom-right"
      duration={toastMs}
      offset={{ bottom: 38, right: 16 }}
      toastOptions={{ classNames: toastClasses }}
    />
  );
}
