"use client";
import {
  createContext,
  useContext,
  useEffect,
  useEffectEvent,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from "react";
import { ShortcutRegistry, type Shortcut } from "./shortcut-registry.ts";

const RegistryContext = createContext<ShortcutRegistry | undefined>(undefined);

export function ShortcutProvider({ children }: { readonly children: ReactNode }) {
  const [registry] = useState(() => new ShortcutRegistry());
  useEffect(() => registry.listen(window), [registry]);
  return <RegistryContext value={registry}>{children}</RegistryContext>;
}

export function useShortcutRegistry(): ShortcutRegistry {
  const registry = useContext(RegistryContext);
  if (registry === undefined) throw new Error("no ShortcutProvider above: the root layout has one");
  return registry;
}

/** Binds a key while the component is there and `isOn`. */
export function useShortcut(
  { isOn = true, ...shortcut }: Shortcut & { readonly isOn?: boolean },
  run: () => void,
): void {
  const registry = useShortcutRegistry();
  const onPress = useEffectEvent(run);
  const { keys, label, group, isForDialog = false, isRepeated = false, isOnTop = false } = shortcut;
  useEffect(() => {
    if (!isOn) return undefined;
    return registry.add({ keys, label, group, isForDialog, isRepeated, isOnTop }, () => onPress());
  }, [registry, isOn, keys, label, group, isForDialog, isRepeated, isOnTop]);
}

/** What can be pressed now. */
export function useShortcuts(): readonly Shortcut[] {
  const registry = useShortcutRegistry();
  return useSyncExternalStore(
    (listener) => registry.subscribe(listener),
    () => registry.shortcuts,
    () => registry.shortcuts,
  );
}
