import { Segmented } from "#components/ui/index.ts";
import type { Span } from "./timeline.model.ts";

export interface SpanChoiceProps {
  readonly label: string;
  readonly span: Span;
  readonly onSpan: (span: Span) => void;
}

/** How far back a card with a time axis goes. Cards of one page share the choice. */
export function SpanChoice({ label, span, onSpan }: SpanChoiceProps) {
  return (
    <Segmented
      label={label}
      value={span}
      options={[
        { value: "all", label: "All" },
        { value: "5m", label: "5m" },
        { value: "1m", label: "1m" },
      ]}
      onChange={onSpan}
    />
  );
}
