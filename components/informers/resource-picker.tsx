"use client";
import { Search } from "lucide-react";
import { useId, useState } from "react";
import { Button, Skeleton, formatPlural } from "#components/ui/index.ts";
import { matchesSearch, type ResourceChoice } from "./add-handler.model.ts";
import styles from "./resource-picker.module.css";

export interface ResourcePickerProps {
  readonly sections: readonly { readonly name: string; readonly choices: readonly ResourceChoice[] }[];
  readonly chosen: string | undefined;
  readonly isLoading: boolean;
  readonly error: Error | null;
  readonly onRetry: () => void;
  readonly onChoose: (key: string) => void;
}

/** More than this nobody reads: search. */
const mostShown = 100;

export function ResourcePicker({ sections, chosen, isLoading, error, onRetry, onChoose }: ResourcePickerProps) {
  const [search, setSearch] = useState("");
  const all = sections.reduce((sum, { choices }) => sum + choices.length, 0);
  const found = sections
    .map(({ name, choices }) => ({ name, choices: choices.filter((choice) => matchesSearch(choice, search)) }))
    .filter(({ choices }) => choices.length > 0);
  const foundCount = found.reduce((sum, { choices }) => sum + choices.length, 0);
  const group = useId();
  return (
    <div className={styles.picker}>
      <div className={styles.search}>
        <Search size={14} aria-hidden="true" />
        <input
          type="search"
          aria-label="Search resources"
          placeholder={isLoading ? "Search resources" : `Search ${formatPlural(all, "resource")}`}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <div className={styles.scroller}>
        {found.map(({ name, choices }) => (
          <fieldset key={name} className={styles.section}>
            <legend>{name}</legend>
            {choices.slice(0, mostShown).map((choice) => (
              <label key={choice.key} className={styles.choice}>
                <input
                  type="radio"
                  name={group}
                  value={choice.key}
                  checked={choice.key === chosen}
                  onChange={() => onChoose(choice.key)}
                />
                <span className={styles.name}>
                  <b>{choice.resource}</b>
                  <small>
                    {choice.groupVersion}
                    {choice.running?.fieldSelector !== undefined && `, ${choice.running.fieldSelector}`}
                  </small>
                </span>
                <Running choice={choice} />
              </label>
            ))}
            {choices.length > mostShown && (
              <p className={styles.more}>{formatPlural(choices.length - mostShown, "more resource")}: search for it.</p>
            )}
          </fieldset>
        ))}
        {isLoading && <PickerSkeleton />}
        {error !== null && (
          <p className={styles.more}>
            Other resources could not be listed. {error.message}{" "}
            <Button size="small" onClick={onRetry}>
              Try again
            </Button>
          </p>
        )}
        {!isLoading && error === null && foundCount === 0 && <p className={styles.more}>No resource matches.</p>}
      </div>
    </div>
  );
}

function Running({ choice: { running } }: { readonly choice: ResourceChoice }) {
  if (running === undefined) return <small className={styles.starts}>starts a new informer</small>;
  if (running.problem?.code === "forbidden") return <small className={styles.forbidden}>no list permission</small>;
  return <small className={styles.runs}>running, {formatPlural(running.handlers, "handler")}</small>;
}

const skeletonRows = [70, 110, 90, 130, 80];

function PickerSkeleton() {
  return (
    <div aria-busy="true">
      {skeletonRows.map((width) => (
        <div key={width} className={styles.choice}>
          <Skeleton width={width} />
        </div>
      ))}
    </div>
  );
}
