"use client";
import { LoaderCircle, Radio, Search, Server } from "lucide-react";
import { useState, type KeyboardEvent } from "react";
import { Chip, Dialog, EmptyState, Glyph, classNames } from "#components/ui/index.ts";
import type { ScenarioName } from "#lib/protocol/index.ts";
import { glyphOfScenario, scenariosFor, type NamedScenario } from "./scenario.model.ts";
import styles from "./scenario-chooser.module.css";

export interface ScenarioChooserProps {
  /** The name of the one that plays; absent where there is no embedded cluster yet. */
  readonly playing: string | undefined;
  /** The one that is being begun. */
  readonly pending: ScenarioName | undefined;
  /** Why none can be begun. */
  readonly blocked: string | undefined;
  readonly onPlay: (scenario: ScenarioName) => void;
  readonly onClose: () => void;
}

/** Everything that the embedded cluster can play, with what each one teaches. A click begins it. */
export function ScenarioChooser({ playing, pending, blocked, onPlay, onClose }: ScenarioChooserProps) {
  const [typed, setTyped] = useState("");
  const groups = scenariosFor(typed);
  return (
    <Dialog
      title="Scenarios"
      description="What the demo cluster can play"
      isOpen
      onClose={onClose}
      width={960}
      footer={
        <span className={styles.note}>
          {blocked ?? "What stands in the demo cluster is cleared away. Informers and queue follow as on any cluster."}
        </span>
      }
    >
      <div className={styles.field}>
        <Search size={15} aria-hidden="true" />
        <input
          type="search"
          value={typed}
          placeholder="Find a cause, a verdict, an informer"
          aria-label="Find a scenario"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <div className={styles.groups} onKeyDown={moveByArrows} role="presentation">
        {groups.map(({ group, scenarios }) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <ul>
              {scenarios.map((scenario) => (
                <li key={scenario.name}>
                  <Choice
                    scenario={scenario}
                    isPlaying={scenario.name === playing}
                    isPending={scenario.name === pending}
                    isDisabled={blocked !== undefined || pending !== undefined}
                    onPlay={onPlay}
                  />
                </li>
              ))}
            </ul>
          </section>
        ))}
        {groups.length === 0 && <EmptyState title="No scenario matches.">Every word has to occur.</EmptyState>}
      </div>
    </Dialog>
  );
}

interface ChoiceProps {
  readonly scenario: NamedScenario;
  readonly isPlaying: boolean;
  readonly isPending: boolean;
  readonly isDisabled: boolean;
  readonly onPlay: (scenario: ScenarioName) => void;
}

function Choice({ scenario, isPlaying, isPending, isDisabled, onPlay }: ChoiceProps) {
  const { name, title, teaches, verdict } = scenario;
  return (
    <button
      type="button"
      className={classNames(styles.choice, isPlaying && styles.playing)}
      aria-current={isPlaying || undefined}
      aria-busy={isPending || undefined}
      aria-disabled={isDisabled || undefined}
      data-testid={`scenario-${name}`}
      onClick={() => {
        if (!isDisabled) onPlay(name);
      }}
    >
      <span className={styles.mark} aria-hidden="true">
        {isPending ? <LoaderCircle size={14} className={styles.turning} /> : <Mark scenario={scenario} />}
      </span>
      <span className={styles.text}>
        <b>
          {title}
          {isPlaying && <Chip>plays now</Chip>}
        </b>
        <small>{teaches}</small>
        {verdict !== undefined && <code>{verdict}</code>}
      </span>
    </button>
  );
}

function Mark({ scenario }: { readonly scenario: NamedScenario }) {
  const glyph = glyphOfScenario(scenario);
  if (glyph !== undefined) return <Glyph state={glyph} size={14} />;
  return scenario.group === "Informers" ? <Radio size={14} /> : <Server size={14} />;
}

/** Through the list as it is read; tab leaves it choice by choice all the same. */
function moveByArrows(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  const choices = [...event.currentTarget.querySelectorAll("button")];
  const at = choices.findIndex((choice) => choice === document.activeElement);
  const next = choices[at + step];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  next.focus();
}
