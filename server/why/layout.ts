import type process from "node:process";
import { styleText } from "node:util";
import type { Severity } from "#lib/protocol/index.ts";

type Format = Parameters<typeof styleText>[0];

/** How wide a terminal is, and whether it shows colours. */
export interface Terminal {
  readonly columns: number;
  readonly hasColor: boolean;
}

const widest = 100;
const usual = 80;
const least = 40;

/** What standard output is. Colours only on a terminal that has them and where `NO_COLOR` is not set. */
export function terminalOf(
  { isTTY, columns }: Pick<Partial<typeof process.stdout>, "isTTY" | "columns">,
  { NO_COLOR = "", TERM = "" }: Readonly<Record<string, string | undefined>>,
): Terminal {
  const hasColor = isTTY === true && NO_COLOR === "" && TERM !== "dumb";
  return { columns: Math.max(least, Math.min(widest, columns ?? usual)), hasColor };
}

const colors = {
  critical: ["bold", "red"],
  warning: ["bold", "red"],
  blocked: ["bold", "yellow"],
  unknown: ["bold"],
  held: ["bold", "magenta"],
  waiting: ["bold", "cyan"],
  info: ["bold"],
} as const satisfies Record<Severity, Format>;

/** Lines for one terminal. Nothing that is said depends on a colour. */
export class Layout {
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  ofSeverity(severity: Severity, text: string): string {
    return this.#styled(colors[severity], text);
  }

  strong(text: string): string {
    return this.#styled("bold", text);
  }

  quiet(text: string): string {
    return this.#styled("dim", text);
  }

  /** Broken between words. A word that is longer than a line stays whole: it may have to be copied. */
  wrap(text: string, indent = ""): readonly string[] {
    const room = this.#terminal.columns - indent.length;
    const lines: string[] = [];
    let line = "";
    for (const word of text.split(/\s+/)) {
      if (line !== "" && line.length + 1 + word.length > room) {
        lines.push(line);
        line = word;
      } else line = line === "" ? word : `${line} ${word}`;
    }
    return [...lines, line].map((each) => `${indent}${each}`);
  }

  /** A mark before the first line, the others below its text. */
  item(mark: string, text: string, style: (line: string) => string = (line) => line): readonly string[] {
    const indent = " ".repeat(mark.length);
    return this.wrap(text, indent).map((line, index) =>
      index === 0 ? `${mark}${style(line.slice(mark.length))}` : style(line),
    );
  }

  #styled(format: Format, text: string): string {
    return this.#terminal.hasColor ? styleText(format, text, { validateStream: false }) : text;
  }
}
