export { Announcer, useAnnounce } from "./announcer.tsx";
export { AreaChart } from "./area-chart.tsx";
export { Banner } from "./banner.tsx";
export { Button, IconButton } from "./button.tsx";
export { Card } from "./card.tsx";
export { CardLink } from "./card-link.tsx";
export { Checkbox } from "./checkbox.tsx";
export { Chip } from "./chip.tsx";
export { classNames } from "./class-names.ts";
export { CopyBlock } from "./copy-block.tsx";
export { Dialog } from "./dialog.tsx";
export { Drawer } from "./drawer.tsx";
export { EmptyState } from "./empty-state.tsx";
export { Flash } from "./flash.tsx";
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
export { Glyph, type GlyphState } from "./glyph.tsx";
export { Histogram } from "./histogram.tsx";
export { Kbd } from "./kbd.tsx";
export { KeyCaps } from "./key-caps.tsx";
export { PodName } from "./pod-name.tsx";
export { Popover } from "./popover.tsx";
export { Provenance, type ProvenanceProps } from "./provenance.tsx";
export { QueueLabel, queueNames, queueTones, type QueueState } from "./queue-label.tsx";
export { Segmented } from "./segmented.tsx";
export { ShortcutProvider, useShortcut, useShortcutRegistry, useShortcuts } from "./shortcuts.tsx";
export { Skeleton } from "./skeleton.tsx";
export { Spark } from "./spark.tsx";
export { toast, toastStage } from "./toast.ts";
export type { Tone } from "./tone.ts";
export { VisuallyHidden } from "./visually-hidden.tsx";
export { useMedia } from "./use-media.ts";
export { useListKeys } from "./use-list-keys.ts";
export { useSettled } from "./use-settled.ts";
export { useRowWindow } from "./use-row-window.ts";
