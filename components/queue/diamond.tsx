import { VisuallyHidden } from "#components/ui/index.ts";
import { diamond } from "./geometry.model.ts";
import { shortLetter } from "./letters.model.ts";
import styles from "./diamond.module.css";

export interface DiamondProps {
  readonly letter: string;
  readonly isSolid: boolean;
  readonly isGone?: boolean;
  readonly size?: number;
}

/** A pod's letter in its marker, as in the list: beside its name and in sentences. */
export function Diamond({ letter, isSolid, isGone = false, size = 18 }: DiamondProps) {
  const text = shortLetter(letter);
  const look = isGone ? styles.gone : isSolid ? styles.solid : styles.outline;
  return (
    <svg className={`${styles.diamond} ${look}`} width={size} height={size} viewBox="0 0 18 18" aria-hidden="true">
      <path d={diamond(9, 9, 8)} />
      <text x="9" y="12.6" textAnchor="middle" className={text.length > 2 ? styles.long : undefined}>
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
