import { Check, TriangleAlert } from "lucide-react";
import { Banner, Glyph, classNames } from "#components/ui/index.ts";
import type { Headline as HeadlineWords } from "./headline.model.ts";
import styles from "./headline.module.css";

export interface HeadlineProps {
  readonly headline: HeadlineWords;
  /** What the step shows. */
  readonly caption: string;
  readonly problem: string | undefined;
  readonly isUnshareable: boolean;
}

/** The finding of the whole experiment, and what the step at hand shows. */
export function Headline({ headline, caption, problem, isUnshareable }: HeadlineProps) {
  const { isDivergent, title, aside } = headline;
  return (
    <div className={styles.headline}>
      {problem !== undefined && (
        <Banner tone="back" icon={<TriangleAlert size={16} aria-hidden="true" />} title="This link is not valid.">
          {problem}
        </Banner>
      )}
      <section
        className={classNames(styles.card, isDivergent && styles.divergent)}
        aria-label="Finding"
        data-testid="lab-finding"
      >
        {isDivergent ? (
          <Glyph state="missed" size={18} />
        ) : (
          <Check className={styles.check} size={18} aria-hidden="true" />
        )}
        <h2>{title}</h2>
        <p className={styles.aside}>{aside}</p>
        <p className={styles.caption} data-testid="lab-caption">
          {caption}
          {isUnshareable && <em> Too long for a link: it is gone when this page is left.</em>}
        </p>
      </section>
    </div>
  );
}
