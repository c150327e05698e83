"use client";
import { useNow } from "#components/live/index.ts";
import { boldLength, sentenceText, type Sentence } from "#lib/protocol/index.ts";

export interface SentenceTextProps {
  readonly sentence: Sentence;
  /** Without its beginning in bold: for what is no verdict. */
  readonly isPlain?: boolean;
}

/** What the diagnosis says, as it reads now: bold up to its first colon or comma. Nothing is added to it. */
export function SentenceText({ sentence, isPlain = false }: SentenceTextProps) {
  const isTimed = sentence.some((part) => typeof part !== "string");
  const seconds = useNow(isTimed ? 1_000 : 60_000);
  const isBrief = sentence.some((part) => typeof part !== "string" && "until" in part && part.until - seconds < 10_000);
  const text = sentenceText(sentence, useNow(isBrief ? 100 : isTimed ? 1_000 : 60_000));
  if (isPlain) return text;
  const bold = boldLength(text);
  return (
    <>
      <b>{text.slice(0, bold)}</b>
      {text.slice(bold)}
    </>
  );
}
