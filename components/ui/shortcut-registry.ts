import { isCharacters, keyName, outcomeOf, type Waiting } from "./keys.model.ts";

export interface Shortcut {
  /** `a`, `shift+space`, `mod+enter`; keys pressed one after the other are separated by a space: `g q`. */
  readonly keys: string;
  /** What it does, for the sheet. */
  readonly label: string;
  readonly group: string;
  /** Goes on while the key is held down. */
  readonly isRepeated?: boolean;
  /** Of something that lies over the page: it wins over whatever else has these keys. */
  readonly isOnTop?: boolean;
  /** Works while a dialog is open, and only then. */
  readonly isForDialog?: boolean;
}

interface Bound {
  readonly shortcut: Shortcut;
  readonly run: () => void;
}

const typing = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable=true]";
const activatable = "button, a, summary, input, [role=option], [role=menuitem]";
const lettersKey = "kube-inflight.letter-shortcuts";

/** Every shortcut that works now. Of several with the same keys the one added last wins, unless one lies on top. */
export class ShortcutRegistry {
  readonly #bound: Bound[] = [];
  readonly #listeners = new Set<() => void>();
  #shown: readonly Shortcut[] = [];
  #waiting: Waiting | undefined;

  /** Returns what takes it back. */
  add(shortcut: Shortcut, run: () => void): () => void {
    const bound = { shortcut, run };
    this.#bound.push(bound);
    this.#changed();
    return () => {
      const index = this.#bound.indexOf(bound);
      if (index === -1) return;
      this.#bound.splice(index, 1);
      this.#changed();
    };
  }

  /** What can be pressed now, each key once, as what it does. The same array until something changes. */
  get shortcuts(): readonly Shortcut[] {
    return this.#shown;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Letters and other single characters can be turned off, for people whose input method types them by accident. */
  get areCharactersOn(): boolean {
    return localStorage.getItem(lettersKey) !== "off";
  }

  turnCharacters(on: boolean): void {
    localStorage.setItem(lettersKey, on ? "on" : "off");
    this.#changed();
  }

  /** Does what these keys would do on the page, whether or not letters are on. */
  run(keys: string): void {
    effective(this.#bound)
      .find(({ shortcut }) => shortcut.keys === keys && shortcut.isForDialog !== true)
      ?.run();
  }

  /** Listens to the keys of a window. Returns what stops it. */
  listen(target: Window): () => void {
    const onKeyDown = (event: KeyboardEvent): void => this.#press(event);
    target.addEventListener("keydown", onKeyDown);
    return () => target.removeEventListener("keydown", onKeyDown);
  }

  #press(event: KeyboardEvent): void {
    const name = keyName(event);
    if (name === undefined || event.defaultPrevented) return;
    const element = event.target instanceof Element ? event.target : undefined;
    const isTyped = name.length === 1 || name.startsWith("shift+") || name === "space";
    if (element?.matches(typing) === true && (isTyped || !name.includes("+"))) return;
    // Arrows choose within a group of radio buttons.
    if (element?.matches("input[type=radio]") === true && name.startsWith("arrow")) return;
    // A focused control keeps the keys by which it is pressed.
    if ((name === "space" || name === "enter") && element?.closest(activatable) !== null && element !== undefined)
      return;

    const isInDialog = document.querySelector("[role=dialog]") !== null;
    const usable = this.#bound.filter(
      ({ shortcut }) =>
        (shortcut.isForDialog ?? false) === isInDialog &&
        (!event.repeat || shortcut.isRepeated === true) &&
        (this.areCharactersOn || !isCharacters(shortcut.keys)),
    );
    const outcome = outcomeOf(
      name,
      new Set(usable.map(({ shortcut }) => shortcut.keys)),
      event.timeStamp,
      this.#waiting,
    );
    this.#waiting = outcome.kind === "wait" ? outcome.waiting : undefined;
    if (outcome.kind !== "fire") return;
    event.preventDefault();
    effective(usable)
      .find(({ shortcut }) => shortcut.keys === outcome.binding)
      ?.run();
  }

  #changed(): void {
    this.#shown = effective(this.#bound).map(({ shortcut }) => shortcut);
    for (const listener of this.#listeners) listener();
  }
}

/** Of several with the same keys the one that works: what lies on top, else what was bound last. */
function effective(bound: readonly Bound[]): readonly Bound[] {
  const winners = new Map<string, Bound>();
  for (const each of bound) {
    const { keys, isForDialog = false, isOnTop = false } = each.shortcut;
    const slot = `${isForDialog ? "dialog " : ""}${keys}`;
    if (isOnTop || winners.get(slot)?.shortcut.isOnTop !== true) winners.set(slot, each);
  }
  return bound.filter((each) => [...winners.values()].includes(each));
}
