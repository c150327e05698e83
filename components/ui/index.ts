export { Announcer, useAnnounce } from "./announcer.tsx";
export { Banner, type BannerProps } from "./banner.tsx";
export { Button, IconButton, type ButtonProps, type IconButtonProps } from "./button.tsx";
export { Card, type CardProps } from "./card.tsx";
export { Chip, type ChipProps } from "./chip.tsx";
export { classNames } from "./class-names.ts";
export { Dialog, type DialogProps } from "./dialog.tsx";
export { EmptyState, type EmptyStateProps } from "./empty-state.tsx";
export {
  formatAge,
  formatClock,
  formatCount,
  formatDuration,
  formatExactCount,
  formatPercent,
  formatPeriod,
  formatPlural,
  formatRate,
  formatZone,
} from "./formats.model.ts";
export { Glyph, type GlyphProps, type GlyphState } from "./glyph.tsx";
export { Histogram, type HistogramProps } from "./histogram.tsx";
export { Kbd } from "./kbd.tsx";
export { keyCaps } from "./keys.model.ts";
export { PodName, type PodNameProps } from "./pod-name.tsx";
export { Provenance, type ProvenanceProps } from "./provenance.tsx";
export { QueueLabel, queueNames, type QueueState } from "./queue-label.tsx";
export { Segmented, type SegmentedProps } from "./segmented.tsx";
export { ShortcutProvider, useShortcut, useShortcutRegistry, useShortcuts } from "./shortcuts.tsx";
export type { Shortcut } from "./shortcut-registry.ts";
export { Skeleton } from "./skeleton.tsx";
export { Spark, type SparkProps } from "./spark.tsx";
export type { Tone } from "./tone.ts";
export { VisuallyHidden } from "./visually-hidden.tsx";
export { useRowWindow, type RowWindow, type RowWindowOptions } from "./use-row-window.ts";
