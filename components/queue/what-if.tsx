"use client";
import { Check, Plus, RotateCcw } from "lucide-react";
import { useState } from "react";
import { Button } from "#components/ui/index.ts";
import type { Events, InFlightPod } from "#lib/protocol/index.ts";
import type { Looked } from "./event-strip.tsx";
import { Menu, MenuGroup, MenuItem } from "./menu.tsx";
import type { Selection } from "./use-selection.ts";
import { addable, toggled } from "./what-if.model.ts";
import styles from "./what-if.module.css";

export interface WhatIfProps {
  readonly looked: Looked;
  readonly events: Events;
  readonly selection: Selection;
  /** More plugins than these are told by their number, so that the outcome has its room. */
  readonly atMost: number;
}

/** The plugins that the sentence rests on. For the selected pod each can be taken away, and others added. */
export function WhatIf({ looked: { pod }, events, selection, atMost }: WhatIfProps) {
  const [isOpen, setIsOpen] = useState(false);
  const isSelected = selection.pod === pod.uid;
  const shown = pod.rejectors.slice(0, atMost);
  const rest = pod.rejectors.slice(atMost);
  const toggle = (plugin: string): void => {
    if (!isSelected) selection.selectPod(pod.uid);
    selection.suppose(toggled(pod, plugin));
  };
  return (
    <fieldset className={styles.plugins} aria-label="Plugins that reject it">
      {shown.map((rejector) => (
        <button
          key={rejector.plugin}
          type="button"
          className={styles.plugin}
          aria-pressed="true"
          title={`${rejector.plugin}: what if it had not rejected this pod?`}
          onClick={() => toggle(rejector.plugin)}
        >
          {rejectorText(rejector)}
        </button>
      ))}
      <Menu
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        trigger={
          <Button
            size="small"
            variant="ghost"
            className={styles.more}
            aria-label="Choose the plugins that reject it"
            title="What if other plugins had rejected this pod?"
            icon={rest.length === 0 ? <Plus size={13} /> : undefined}
          >
            {rest.length > 0 && `+${rest.length}`}
          </Button>
        }
      >
        <MenuGroup label="What if it were rejected by">
          {rest.map((rejector) => (
            <MenuItem
              key={rejector.plugin}
              icon={<Check size={13} />}
              hint="rejects it"
              onSelect={() => toggle(rejector.plugin)}
            >
              {rejectorText(rejector)}
            </MenuItem>
          ))}
          {addable(pod, events).map((plugin) => (
            <MenuItem key={plugin} icon={<Plus size={13} />} hint="" onSelect={() => toggle(plugin)}>
              {plugin}
            </MenuItem>
          ))}
        </MenuGroup>
      </Menu>
      {pod.rejectorsOf === "whatIf" && (
        <Button
          size="small"
          variant="ghost"
          className={styles.more}
          aria-label="Back to the plugins that rejected it"
          title="Back to the plugins that rejected it"
          icon={<RotateCcw size={13} />}
          onClick={() => selection.suppose(undefined)}
        />
      )}
    </fieldset>
  );
}

function rejectorText({ plugin, nodes }: InFlightPod["rejectors"][number]): string {
  return nodes === undefined ? plugin : `${plugin} ×${nodes}`;
}
