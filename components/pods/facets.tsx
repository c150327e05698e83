"use client";
import { Checkbox, formatCount, Skeleton } from "#components/ui/index.ts";
import type { Facet, Pods } from "#lib/protocol/index.ts";
import styles from "./facets.module.css";
import type { PodsAddress, ShownFacet } from "./use-pods-address.ts";

const titles = {
  queue: "Queue",
  plugin: "Rejected by",
  ns: "Namespace",
  pc: "Priority class",
} as const satisfies Record<ShownFacet, string>;

/** The values of `queue` are places; people know them by these names. */
const queueWords: Readonly<Record<string, string>> = {
  active: "activeQ",
  backoff: "backoffQ",
  errorBackoff: "backoffQ, after an error",
  inFlight: "in flight",
  outside: "in no queue",
};

export interface FacetsProps {
  readonly pods: Pods | undefined;
  readonly address: PodsAddress;
  readonly onChoose: (facet: ShownFacet, values: string[]) => void;
}

/** What there is to choose from, with the pods that each value has under all other filters. */
export function Facets({ pods, address, onChoose }: FacetsProps) {
  return (
    <div className={styles.facets}>
      {(Object.keys(titles) as ShownFacet[]).map((name) => (
        <OneFacet
          key={name}
          name={name}
          facet={pods?.facets[name]}
          isLoading={pods === undefined}
          chosen={address[name]}
          onChoose={(values) => onChoose(name, values)}
        />
      ))}
    </div>
  );
}

function wordOf(facet: ShownFacet, value: string): string {
  if (value === "") return "none";
  return (facet === "queue" ? queueWords[value] : undefined) ?? value;
}

interface OneFacetProps {
  readonly name: ShownFacet;
  readonly facet: Facet | undefined;
  readonly isLoading: boolean;
  readonly chosen: readonly string[];
  readonly onChoose: (values: string[]) => void;
}

function OneFacet({ name, facet, isLoading, chosen, onChoose }: OneFacetProps) {
  const counted = facet?.values ?? [];
  const gone = chosen.filter((value) => counted.every((each) => each.value !== value));
  const values = [...counted, ...gone.map((value) => ({ value, count: 0 }))];
  if (!isLoading && values.length === 0) return null;
  return (
    <fieldset className={styles.facet}>
      <legend>
        {titles[name]} {facet !== undefined && facet.more > 0 && <span>{formatCount(facet.more)} more</span>}
      </legend>
      {isLoading && <Skeleton width={140} />}
      {values.map(({ value, count }) => (
        <label key={value} className={styles.value}>
          <Checkbox
            checked={chosen.includes(value)}
            onChange={(event) =>
              onChoose(event.target.checked ? [...chosen, value] : chosen.filter((each) => each !== value))
            }
          />
          <span title={value}>{wordOf(name, value)}</span>
          <small>{formatCount(count)}</small>
        </label>
      ))}
    </fieldset>
  );
}
