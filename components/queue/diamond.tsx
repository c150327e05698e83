import { VisuallyHidden } from "#components/ui/index.ts";
import { diamond } from "./geometry.model.ts";
import { shortLetter } from "./letters.model.ts";
import styles from "./diamond.module.css";

export interface DiamondProps {
  readonly letter: string;
  readonly isSolid: boolean;
  readonly isGone?: boolean;
}

/** A pod's letter in its marker, as in the list: beside its name and in sentences. */
export function Diamond({ letter, isSolid, isGone = false }: DiamondProps) {
  const text = shortLetter(letter);
  const size = text.length === 1 ? 18 : 24;
  const middle = size / 2;
  const look = isGone ? styles.gone : isSolid ? styles.solid : styles.outline;
  return (
    <svg
      className={`${styles.diamond} ${look}`}
      width={size}
      height={size}
      viewBox={`0 0 ${size} ${size}`}
      aria-hidden="true"
    >
      <path d={diamond(middle, middle, middle - 1)} />
      <text x={middle} y={middle + 3.6} textAnchor="middle" className={text.length > 2 ? styles.long : undefined}>
        {text}
      </text>
    </svg>
  );
}

/** The same within a sentence, where it has to be read. */
export function LetterMark({ letter }: { readonly letter: string }) {
  return (
    <>
      <Diamond letter={letter} isSolid />
      <VisuallyHidden>{letter}</VisuallyHidden>
    </>
  );
}
