/** What was pressed, as far as naming it needs. */
export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/**
 * The name of a key press: `a`, `shift+x`, `?`, `mod+enter`, `shift+space`, `escape`. `mod` is ⌘ or Ctrl. A shift that
 * only makes another character (`?`) is not named. `undefined` for presses with Alt, which belong to the keyboard layout.
 */
export function keyName({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string | undefined {
  if (altKey) return undefined;
  const isCharacter = key.length === 1 && key !== " ";
  const isLetter = isCharacter && key.toLowerCase() !== key.toUpperCase();
  const base = key === " " ? "space" : key.toLowerCase();
  const shift = shiftKey && (isLetter || !isCharacter) ? "shift+" : "";
  return `${ctrlKey || metaKey ? "mod+" : ""}${shift}${base}`;
}

/** How long a first key waits for its second. */
export const sequenceMs = 800;

/** The first key of a sequence that waits for its second. */
export interface Waiting {
  readonly first: string;
  readonly until: number;
}

export type KeyOutcome =
  | { readonly kind: "fire"; readonly binding: string }
  | { readonly kind: "wait"; readonly waiting: Waiting }
  | { readonly kind: "ignore" };

/** What a key does, given what is bound (`a`, `g q`) and what was pressed before it. */
export function outcomeOf(name: string, bound: ReadonlySet<string>, at: number, waiting?: Waiting): KeyOutcome {
  if (waiting !== undefined && at <= waiting.until) {
    const sequence = `${waiting.first} ${name}`;
    if (bound.has(sequence)) return { kind: "fire", binding: sequence };
  }
  if (bound.has(name)) return { kind: "fire", binding: name };
  const begins = [...bound].some((binding) => binding.startsWith(`${name} `));
  return begins ? { kind: "wait", waiting: { first: name, until: at + sequenceMs } } : { kind: "ignore" };
}

/** Whether a binding consists of single characters, which some input methods produce by accident and so can be turned off. */
export function isCharacters(binding: string): boolean {
  return binding.split(" ").every((name) => name.length === 1);
}

const caps: Readonly<Record<string, string>> = {
  mod: "Ctrl ",
  shift: "⇧",
  enter: "↵",
  escape: "esc",
  delete: "Del",
  arrowup: "↑",
  arrowdown: "↓",
  arrowleft: "←",
  arrowright: "→",
};

/** The key caps of a binding, in the order in which they are pressed. */
export function keyCaps(binding: string, isApple = false): readonly string[] {
  return binding.split(" ").map((name) =>
    name
      .split("+")
      .map((part) =>
        part === "mod" && isApple ? "⌘" : (caps[part] ?? (part.length === 1 ? part.toUpperCase() : part)),
      )
      .join(""),
  );
}
