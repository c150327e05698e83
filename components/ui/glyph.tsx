import type { ReactNode } from "react";
import styles from "./glyph.module.css";
import type { Tone } from "./tone.ts";

/** What a glyph stands for: the states of a pod in the queue, and what can be said about one. */
export type GlyphState = "active" | "backoff" | "unschedulable" | "inFlight" | "gated" | "missed" | "bound" | "unknown";

interface Drawing {
  readonly tone: Tone;
  readonly shape: ReactNode;
}

/** One shape per state, on a grid of 12, so that no state is told by its hue alone. */
const drawings = {
  active: { tone: "act", shape: <path d="M2.5 1.2 10.8 6 2.5 10.8z" fill="currentColor" /> },
  backoff: {
    tone: "back",
    shape: (
      <>
        <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <path d="M6 6V1.5A4.5 4.5 0 0 1 10.5 6z" fill="currentColor" />
      </>
    ),
  },
  unschedulable: {
    tone: "uns",
    shape: (
      <path
        d="M2.4 1h7.2A1.4 1.4 0 0 1 11 2.4v7.2A1.4 1.4 0 0 1 9.6 11H2.4A1.4 1.4 0 0 1 1 9.6V2.4A1.4 1.4 0 0 1 2.4 1zM3.4 5.1v1.8h5.2V5.1z"
        fill="currentColor"
        fillRule="evenodd"
      />
    ),
  },
  inFlight: { tone: "fly", shape: <path d="M6 .7 11.3 6 6 11.3.7 6z" fill="currentColor" /> },
  gated: {
    tone: "gate",
    shape: <path d="M2.6 1v10M9.4 1v10M2.6 4.2h6.8M2.6 7.8h6.8" fill="none" stroke="currentColor" strokeWidth="1.6" />,
  },
  missed: {
    tone: "miss",
    shape: (
      <path
        d="M3.9.8h4.2l3.1 3.1v4.2l-3.1 3.1H3.9L.8 8.1V3.9zM5.2 2.8v4h1.6v-4zM5.2 7.8v1.5h1.6V7.8z"
        fill="currentColor"
        fillRule="evenodd"
      />
    ),
  },
  bound: {
    tone: "neutral",
    shape: (
      <>
        <circle cx="6" cy="6" r="4.8" fill="none" stroke="currentColor" strokeWidth="1.3" />
        <path d="m3.8 6.1 1.6 1.7L8.3 4.5" fill="none" stroke="currentColor" strokeWidth="1.3" strokeLinecap="round" />
      </>
    ),
  },
  unknown: {
    tone: "neutral",
    shape: (
      <>
        <circle cx="6" cy="6" r="4.9" fill="none" stroke="currentColor" strokeWidth="1.2" strokeDasharray="2 1.6" />
        <path
          d="M4.7 4.8a1.3 1.3 0 1 1 2 1.1c-.5.3-.7.5-.7 1M6 8.3v.3"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.1"
          strokeLinecap="round"
        />
      </>
    ),
  },
} as const satisfies Record<GlyphState, Drawing>;

export interface GlyphProps {
  readonly state: GlyphState;
  /** In pixels, 12 unless given. */
  readonly size?: number;
  /** Only where no word stands beside it. */
  readonly label?: string;
}

export function Glyph({ state, size = 12, label }: GlyphProps) {
  const { tone, shape } = drawings[state];
  const named = label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label };
  return (
    <svg className={styles[tone]} width={size} height={size} viewBox="0 0 12 12" {...named}>
      {shape}
    </svg>
  );
}
