import { useCallback, useEffect, useRef } from "react";

export interface TypedAhead {
  /** From now on letters are kept instead of being keys of the page. */
  readonly keep: () => void;
  /** What was typed since, to whoever takes the rest of it. Idempotent. */
  readonly take: () => string;
}

/** For a field that has to be loaded first: what is typed meanwhile is neither lost nor taken for anything else. */
export function useTypedAhead(): TypedAhead {
  const text = useRef("");
  const stop = useRef<() => void>(undefined);

  const take = useCallback(() => {
    stop.current?.();
    stop.current = undefined;
    return text.current;
  }, []);

  const keep = useCallback(() => {
    stop.current?.();
    text.current = "";
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Backspace") text.current = text.current.slice(0, -1);
      else if (event.key.length === 1) text.current += event.key;
      else return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    addEventListener("keydown", onKeyDown, { capture: true });
    stop.current = () => removeEventListener("keydown", onKeyDown, { capture: true });
  }, []);

  useEffect(() => () => stop.current?.(), []);
  return { keep, take };
}
