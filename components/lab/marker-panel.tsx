import type { CSSProperties } from "react";
import { Glyph, QueueLabel, classNames } from "#components/ui/index.ts";
import type { Frame } from "#lib/lab/index.ts";
import { chainOf } from "./chain.model.ts";
import { ChainPicture } from "./chain.tsx";
import { examinationWords, type ExaminationWords, type LoopLine } from "./examination.model.ts";
import { maxParkedMs } from "./headline.model.ts";
import styles from "./marker-panel.module.css";
import { examinationOf, outcomeOf } from "./outcome.model.ts";
import { placeBoxes, type PlaceBox } from "./places.model.ts";
import type { Lab } from "./use-lab.ts";
import type { PodWords } from "./words.model.ts";

export interface MarkerPanelProps {
  readonly scheme: "historical" | "current";
  readonly lab: Lab;
  readonly frame: Frame;
  /** The pod that is looked at. */
  readonly uid: string | undefined;
  readonly pods: PodWords;
  /** Width of the list's picture that needs no scrolling. */
  readonly room: number;
}

const heads = {
  historical: { title: "Old: list-head marker", version: "v1.28.0" },
  current: { title: "Fixed: own-element marker", version: "v1.28.2 and later" },
} as const;

/** One of the two queues after a step. Both panels have the same rows, so that the eye compares left to right. */
export function MarkerPanel({ scheme, lab, frame, uid, pods, room }: MarkerPanelProps) {
  const picture = frame.pictures[scheme];
  const examination = uid === undefined ? undefined : examinationOf(picture, uid);
  const chain = chainOf({ scheme, picture, uid, examination, pods, room });
  const { scenario } = lab.experiment;
  const boxes = placeBoxes(
    frame,
    uid,
    scenario.config.plugins.some(({ preEnqueue }) => preEnqueue !== null),
  )[scheme];
  const outcome = outcomeOf(picture, { frame, uid, pods, maxParkedMs: maxParkedMs(lab.experiment) });
  const isDivergent = scheme === "historical" && boxes.some((box) => box.isDivergent);
  const { title, version } = heads[scheme];
  return (
    <section
      className={classNames(styles.panel, isDivergent && styles.divergent)}
      aria-label={title}
      data-testid={`lab-panel-${scheme}`}
    >
      <header className={styles.header}>
        <h2>{title}</h2>
        <code>{version}</code>
      </header>
      <ChainPicture scheme={scheme} chain={chain} uid={uid} onChoose={lab.choosePod} />
      <Examined words={examinationWords(examination, uid, pods)} />
      <h3>Where pods are</h3>
      <ul
        className={classNames(styles.places, boxes.length > 4 && styles.tight)}
        style={{ "--boxes": boxes.length } as CSSProperties}
      >
        {boxes.map((box) => (
          <Place
            key={box.place}
            box={box}
            uid={uid}
            pods={pods}
            isOld={scheme === "historical"}
            onChoose={lab.choosePod}
          />
        ))}
      </ul>
      <p className={styles.outcome} data-testid={`lab-outcome-${scheme}`}>
        <Glyph state={outcome.glyph} size={14} />
        <span>
          <b>{outcome.strong}</b>
          {outcome.rest}
        </span>
      </p>
    </section>
  );
}

function Examined({ words }: { readonly words: ExaminationWords }) {
  return (
    <>
      <h3>{words.title}</h3>
      <dl className={styles.facts}>
        {words.facts.map(({ term, text, tone }) => (
          <div key={term} className={styles[tone]}>
            <dt>
              <code>{term}</code>
            </dt>
            <dd title={text}>{text}</dd>
          </div>
        ))}
      </dl>
      <ol className={styles.loop} aria-label="The loop">
        {words.loop.map((line) => (
          <Line key={line.code.map(({ text }) => text).join("")} line={line} />
        ))}
      </ol>
    </>
  );
}

function Line({ line: { code, note, tone, isTaken } }: { readonly line: LoopLine }) {
  return (
    <li className={classNames(isTaken && styles.taken, (note.startsWith("never") || note === "") && styles.unused)}>
      <code>
        {code.map(({ text, isStrong }) => (isStrong ? <b key={text}>{text}</b> : <span key={text}>{text}</span>))}
      </code>
      <code className={classNames(styles.note, styles[tone])}>{note}</code>
    </li>
  );
}

interface PlaceProps {
  readonly box: PlaceBox;
  readonly uid: string | undefined;
  readonly pods: PodWords;
  readonly isOld: boolean;
  readonly onChoose: (uid: string) => void;
}

function Place({ box, uid, pods, isOld, onChoose }: PlaceProps) {
  const look = !box.isDivergent ? undefined : isOld ? styles.wrong : styles[box.place];
  return (
    <li
      className={classNames(styles.place, look)}
      data-testid={`lab-place-${isOld ? "historical" : "current"}-${box.place}`}
    >
      {box.place === "bound" ? (
        <span className={styles.bound}>
          <Glyph state="bound" />
          bound
        </span>
      ) : (
        <QueueLabel queue={box.place} />
      )}
      <span className={styles.pods}>
        {box.pods.length === 0 && <em>empty</em>}
        {box.pods.map((pod) => (
          <button
            key={pod.uid}
            type="button"
            className={classNames(styles.pod, pod.uid === uid && styles.looked)}
            aria-pressed={pod.uid === uid}
            title={pods.name(pod.uid)}
            onClick={() => onChoose(pod.uid)}
          >
            {pods.letter(pod.uid)}
          </button>
        ))}
        {box.more > 0 && <em>+{box.more}</em>}
      </span>
    </li>
  );
}
