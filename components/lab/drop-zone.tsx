"use client";
import { useState, type DragEvent, type ReactNode } from "react";
import styles from "./drop-zone.module.css";

export interface DropZoneProps {
  readonly onFile: (file: File) => void;
  readonly children: ReactNode;
}

/** Takes a file that is dropped anywhere on the page. The Open button does the same for who does not drag. */
export function DropZone({ onFile, children }: DropZoneProps) {
  const [isOver, setOver] = useState(false);
  const hasFile = (event: DragEvent): boolean => event.dataTransfer.types.includes("Files");
  return (
    <div
      className={styles.zone}
      onDragOver={(event) => {
        if (!hasFile(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (event.currentTarget === event.target) setOver(false);
      }}
      onDrop={(event) => {
        if (!hasFile(event)) return;
        event.preventDefault();
        setOver(false);
        const [file] = event.dataTransfer.files;
        if (file !== undefined) onFile(file);
      }}
      data-testid="lab-drop"
    >
      {children}
      {isOver && <p className={styles.over}>Drop the recording to open it</p>}
    </div>
  );
}
