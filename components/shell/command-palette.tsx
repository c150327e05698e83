"use client";
import { Command } from "cmdk";
import {
  Box,
  Clapperboard,
  CornerDownLeft,
  Hash,
  ListFilter,
  Radio,
  Search,
  Server,
  SquareTerminal,
  type LucideIcon,
} from "lucide-react";
import { useRouter } from "next/navigation";
import { Dialog } from "radix-ui";
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import {
  Glyph,
  Kbd,
  KeyCaps,
  VisuallyHidden,
  classNames,
  formatPlural,
  useShortcut,
  useShortcutRegistry,
} from "#components/ui/index.ts";
import styles from "./command-palette.module.css";
import {
  findItems,
  parseQuery,
  stretchesOf,
  type PaletteGroup,
  type PaletteItem,
  type PaletteQuery,
} from "./palette.model.ts";
import { useScenarios } from "./scenario-context.ts";
import { useHeldWhile } from "./use-held-while.ts";
import { usePaletteItems } from "./use-palette-items.ts";

export interface CommandPaletteProps {
  /** Absent on pages that are about no cluster. */
  readonly cluster: string | undefined;
  /** What was typed before the field was there. */
  readonly takeTyped: () => string;
  readonly onClose: () => void;
}

interface FieldProps {
  readonly typed: string;
  readonly onType: (typed: string) => void;
  readonly takeTyped: CommandPaletteProps["takeTyped"];
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly placeholder: string;
}

function Field({ typed, onType, takeTyped, onKeyDown, placeholder }: FieldProps) {
  const input = useRef<HTMLInputElement>(null);
  // In one step, so that nothing can be typed between what was typed ahead and what the field takes.
  useLayoutEffect(() => {
    input.current?.focus();
    onType(takeTyped());
  }, [onType, takeTyped]);
  return (
    <div className={styles.field}>
      <Search size={16} aria-hidden="true" />
      <Command.Input ref={input} value={typed} onValueChange={onType} onKeyDown={onKeyDown} placeholder={placeholder} />
    </div>
  );
}

/** One field for everything that has a name: pods, informers, pages, clusters, and what the keys of this page do. */
export function CommandPalette({ cluster, takeTyped, onClose }: CommandPaletteProps) {
  const router = useRouter();
  const registry = useShortcutRegistry();
  const { play } = useScenarios();
  const [typed, setTyped] = useState("");
  const query = parseQuery(typed);
  // What is listed stands still until something else is typed, so that nothing moves under a pointer.
  const live = usePaletteItems(cluster, query.kind === "anything" ? query.text : "");
  const { items, unsearched } = useHeldWhile(live, `${typed} ${live.revision}`);
  const found = findItems(items, query);
  useShortcut({ keys: "mod+k", label: "Close the palette", group: "Palette", isForDialog: true }, onClose);

  const choose = ({ action }: PaletteItem, isNewTab: boolean): void => {
    onClose();
    if (action.kind === "run") registry.run(action.keys);
    else if (action.kind === "play") play(action.scenario);
    else if (isNewTab) window.open(action.href, "_blank", "noopener");
    else router.push(action.href);
  };
  const all = found.flatMap((group) => group.items);
  const [pointedAt, setPointedAt] = useState("");
  // What was pointed at may not be found any more: then it is the first.
  const current = all.some(({ id }) => id === pointedAt) ? pointedAt : (all[0]?.id ?? "");
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
    const item = all.find(({ id }) => id === current);
    if (item === undefined) return;
    event.preventDefault();
    choose(item, true);
  };

  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles.veil} />
        <Dialog.Content
          className={styles.palette}
          aria-describedby={undefined}
          data-testid="palette"
          onOpenAutoFocus={(event) => event.preventDefault()}
        >
          <VisuallyHidden>
            <Dialog.Title>Find or run</Dialog.Title>
          </VisuallyHidden>
          <Command
            label="Find or run"
            shouldFilter={false}
            value={current}
            onValueChange={setPointedAt}
            loop
            vimBindings={false}
          >
            <Field
              typed={typed}
              onType={setTyped}
              takeTyped={takeTyped}
              onKeyDown={onKeyDown}
              placeholder={cluster === undefined ? "Search, go to, run" : "Search pods, go to, run"}
            />
            <Command.List className={styles.list} label="Found">
              <Command.Empty className={styles.nothing}>{nothingFound(query, items)}</Command.Empty>
              {found.map(({ group, items: inGroup }) => (
                <Command.Group key={group} heading={group}>
                  {inGroup.map((item) => (
                    <PaletteRow key={item.id} item={item} query={query} onChoose={() => choose(item, false)} />
                  ))}
                </Command.Group>
              ))}
              {query.kind === "anything" && query.text !== "" && unsearched > 0 && (
                <p className={styles.limit}>
                  {`${formatPlural(unsearched, "more waiting pod")}: of each queue the first 200 are searched.`}
                </p>
              )}
            </Command.List>
          </Command>
          <Footer />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function nothingFound({ kind, text }: PaletteQuery, items: readonly PaletteItem[]): string {
  switch (kind) {
    case "event": {
      const held = items.filter(({ group }) => group === "Event list").length;
      return `No event ${text} in the list, which holds ${formatPlural(held, "event")} now.`;
    }
    case "commands":
      return `No command is named “${text}”.`;
    case "anything":
      return `Nothing is named “${text}”.`;
    default:
      return kind satisfies never;
  }
}

const icons = {
  Pods: Box,
  Filter: ListFilter,
  "Event list": Hash,
  Informers: Radio,
  Run: SquareTerminal,
  "Go to": CornerDownLeft,
  Scenarios: Clapperboard,
  Clusters: Server,
} as const satisfies Record<PaletteGroup, LucideIcon>;

interface PaletteRowProps {
  readonly item: PaletteItem;
  readonly query: PaletteQuery;
  readonly onChoose: () => void;
}

function PaletteRow({ item: { id, group, text, detail, glyph, keys }, query, onChoose }: PaletteRowProps) {
  const Icon = icons[group];
  const isMono = group === "Pods" || group === "Event list";
  const slash = group === "Pods" ? text.indexOf("/") : -1;
  return (
    <Command.Item className={styles.item} value={id} onSelect={onChoose}>
      {glyph === undefined ? (
        <Icon size={14} aria-hidden="true" />
      ) : (
        <span>
          <Glyph state={glyph} size={13} />
        </span>
      )}
      <span className={classNames(styles.text, isMono && styles.mono)}>
        {stretchesOf(text, query).map(({ at, text: part, isMatch }) =>
          isMatch ? (
            <mark key={at}>{part}</mark>
          ) : (
            <span key={at} className={classNames(at + part.length <= slash + 1 && styles.weak)}>
              {part}
            </span>
          ),
        )}
      </span>
      {detail !== undefined && <span className={styles.detail}>{detail}</span>}
      {keys !== undefined && (
        <span className={styles.keys}>
          <KeyCaps keys={keys} />
        </span>
      )}
    </Command.Item>
  );
}

function Footer() {
  return (
    <footer className={styles.footer}>
      <span>
        <Kbd>↑</Kbd>
        <Kbd>↓</Kbd> move
      </span>
      <span>
        <Kbd>↵</Kbd> open
      </span>
      <span>
        <KeyCaps keys="mod+enter" /> open in a new tab
      </span>
      <span className={styles.space} />
      <span>
        <Kbd>&gt;</Kbd> commands
      </span>
      <span>
        <Kbd>#</Kbd> event
      </span>
    </footer>
  );
}
