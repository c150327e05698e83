"use client";
import { useRouter } from "next/navigation";
import { useMemo, useState, type ReactNode } from "react";
import { useAttach, useClusterList, useOfflineReason } from "#components/live/index.ts";
import { toast, useAnnounce, useShortcut } from "#components/ui/index.ts";
import type { ScenarioName } from "#lib/protocol/index.ts";
import { ScenarioChooser } from "./lazy-scenario-chooser.ts";
import { ScenarioContext } from "./scenario-context.ts";
import { scenarioHref, scenarioNamed } from "./scenario.model.ts";

/** Has the list of scenarios, and begins the one that is chosen. */
export function ScenarioHost({ children }: { readonly children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  const [pending, setPending] = useState<ScenarioName>();
  const router = useRouter();
  const announce = useAnnounce();
  const offline = useOfflineReason();
  const { data } = useClusterList();
  const attach = useAttach().mutateAsync;
  const embedded = data?.clusters.find(({ mode }) => mode === "embedded");
  const blocked = data?.server.isReadOnly === true ? "The server was started with --read-only." : offline;

  const commands = useMemo(() => {
    const begin = async (name: ScenarioName): Promise<void> => {
      setPending(name);
      try {
        const { cluster } = await attach({ demo: true, scenario: name });
        const scenario = scenarioNamed(name);
        setOpen(false);
        if (scenario === undefined) return;
        announce(`${scenario.title} plays.`);
        router.push(scenarioHref(scenario, cluster.id));
      } catch (error) {
        toast.error(error instanceof Error ? error.message : "The scenario did not begin.");
      } finally {
        setPending(undefined);
      }
    };
    return { open: () => setOpen(true), play: (name: ScenarioName) => void begin(name) };
  }, [attach, announce, router]);

  useShortcut(
    { keys: "g s", label: "Choose a scenario for the demo cluster", group: "Cluster", isOn: embedded !== undefined },
    commands.open,
  );
  return (
    <ScenarioContext value={commands}>
      {children}
      {isOpen && (
        <ScenarioChooser
          playing={embedded?.scenario}
          pending={pending}
          blocked={blocked}
          onPlay={commands.play}
          onClose={() => setOpen(false)}
        />
      )}
    </ScenarioContext>
  );
}
