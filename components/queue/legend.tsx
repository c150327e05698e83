import { CircleHelp } from "lucide-react";
import type { ReactNode } from "react";
import { Glyph } from "#components/ui/index.ts";
import { resourceWords } from "./event-code.model.ts";
import type { Density } from "./geometry.model.ts";
import styles from "./legend.module.css";
import { MarkShape } from "./mark-shape.tsx";

const inLine = new Set(["P", "N", "C"]);

/** What the letters and shapes mean: in a line where there is room, and in full on demand. */
export function Legend({ density }: { readonly density: Density }) {
  return (
    <div className={styles.legend}>
      {density !== "narrow" && (
        <div className={styles.line}>
          <Entries letters={Object.entries(resourceWords).filter(([letter]) => inLine.has(letter))} />
        </div>
      )}
      <details className={styles.more}>
        <summary aria-label={density === "narrow" ? undefined : "Legend"}>
          <CircleHelp size={14} aria-hidden="true" />
          {density === "narrow" && "Legend"}
        </summary>
        <div className={styles.popover}>
          <Entries letters={Object.entries(resourceWords)} />
          <p>
            A node update names its field: <code>T</code> taint, <code>L</code> label, <code>A</code> allocatable,{" "}
            <code>C</code> condition.
          </p>
          <p>A solid Queue decides, an outlined one came later. Eight equal events in a row fold into one tile.</p>
        </div>
      </details>
    </div>
  );
}

function Entries({ letters }: { readonly letters: readonly (readonly [string, string])[] }) {
  return (
    <>
      <Entry shape={<Glyph state="inFlight" />}>marker</Entry>
      {letters.map(([letter, words]) => (
        <Entry key={letter} shape={<code>{letter}</code>}>
          {words}
        </Entry>
      ))}
      <Entry shape={<code>+ − ~</code>}>add, delete, update</Entry>
      <Entry shape={<MarkShape mark="decides" />}>Queue</Entry>
      <Entry shape={<MarkShape mark="skip" />}>Skip</Entry>
      <Entry shape={<MarkShape mark="none" />}>no hint</Entry>
    </>
  );
}

function Entry({ shape, children }: { readonly shape: ReactNode; readonly children: string }) {
  return (
    <span className={styles.entry}>
      {shape}
      {children}
    </span>
  );
}
