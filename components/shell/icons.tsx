import { Play, Radio, Eye, Box, ChartLine, FlaskConical, Zap } from "lucide-react";
import type { ClusterMode } from "#lib/protocol/index.ts";

export const iconStroke = 1.6;

/** The queue: a diamond over the list that it stands in. */
export function QueueIcon() {
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d="M8 2.2 10.8 5 8 7.8 5.2 5z" />
      <path d="M2.5 11h4M9.5 11h4M2.5 13.8h11" />
    </svg>
  );
}

export function OverviewIcon() {
  return <ChartLine size={16} strokeWidth={iconStroke} aria-hidden="true" />;
}

export function InformersIcon() {
  return <Radio size={16} strokeWidth={iconStroke} aria-hidden="true" />;
}

export function PodsIcon() {
  return <Box size={16} strokeWidth={iconStroke} aria-hidden="true" />;
}

export function LabIcon() {
  return <FlaskConical size={16} strokeWidth={iconStroke} aria-hidden="true" />;
}

export function DemoIcon() {
  return <Zap size={16} strokeWidth={iconStroke} aria-hidden="true" />;
}

export function ModeIcon({ mode }: { readonly mode: ClusterMode }) {
  const Icon = mode === "embedded" ? Play : Eye;
  return <Icon size={12} strokeWidth={iconStroke} aria-hidden="true" />;
}

export const modeNames = {
  embedded: "Demo cluster",
  shadow: "Shadow, read-only",
} as const satisfies Record<ClusterMode, string>;

/** The mark of the project: a marker in its list. */
export function Mark() {
  return (
    <svg width="34" height="16" viewBox="0 0 34 16" aria-hidden="true">
      <path d="M1 8h8M25 8h8" stroke="var(--fg2)" strokeWidth="1.6" strokeLinecap="round" />
      <path d="M17 .8 24.2 8 17 15.2 9.8 8z" fill="var(--fly)" />
    </svg>
  );
}
