"use client";
import { useState } from "react";
import { Dialog, KeyCaps, useShortcutRegistry, useShortcuts } from "#components/ui/index.ts";
import styles from "./shortcut-sheet.module.css";

export interface ShortcutSheetProps {
  readonly onClose: () => void;
}

/** Every key that does something on this page. */
export function ShortcutSheet({ onClose }: ShortcutSheetProps) {
  return (
    <Dialog
      title="Shortcuts"
      description="Keys that work on this page"
      isOpen
      onClose={onClose}
      width={560}
      footer={<LettersSwitch />}
    >
      <ShortcutList />
    </Dialog>
  );
}

function ShortcutList() {
  const shortcuts = useShortcuts().filter(({ isForDialog }) => isForDialog !== true);
  const groups = Map.groupBy(shortcuts, ({ group }) => group);
  return (
    <div className={styles.groups}>
      {[...groups].map(([group, inGroup]) => (
        <section key={group} aria-label={group}>
          <h3>{group}</h3>
          <dl>
            {[...Map.groupBy(inGroup, ({ label }) => label)].map(([label, same]) => (
              <div key={label} className={styles.row}>
                <dt>{label}</dt>
                {same.map(({ keys }) => (
                  <dd key={keys}>
                    <span className={styles.spoken}>{keys}</span>
                    <KeyCaps keys={keys} />
                  </dd>
                ))}
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function LettersSwitch() {
  const registry = useShortcutRegistry();
  const [isOn, setOn] = useState(() => registry.areCharactersOn);
  return (
    <label className={styles.letters}>
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => {
          registry.turnCharacters(event.target.checked);
          setOn(event.target.checked);
        }}
      />
      Single letters are shortcuts
    </label>
  );
}
