"use client";
import { usePathname, useRouter } from "next/navigation";
import { useEffect, useState, type ReactNode } from "react";
import { RequestFailedError, useOnConnectionChange } from "#components/live/index.ts";
import { Button, EmptyState, useAnnounce } from "#components/ui/index.ts";
import type { Cluster } from "#lib/protocol/index.ts";
import { ClusterContext } from "./cluster-context.ts";
import { ClusterSwitcher } from "./cluster-switcher.tsx";
import { Frame } from "./frame.tsx";
import { LazyToaster } from "./lazy-toaster.tsx";
import { PaletteHost } from "./palette-host.tsx";
import { Rail } from "./rail.tsx";
import { ScenarioHost } from "./scenario-host.tsx";
import { ShortcutSheet } from "./lazy-shortcut-sheet.ts";
import { StatusBar } from "./status-bar.tsx";
import { useClusterChoice, type ChosenCluster } from "./use-cluster-choice.ts";

/** Paths of pages that stand alone: they are about no cluster. */
const alone: ReadonlySet<string> = new Set(["/attach"]);

/** Pages that are the same whatever cluster there is. */
const clusterless: ReadonlySet<string> = new Set(["/lab"]);

/** Everything round a page. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const isAlone = alone.has(usePathname());
  return (
    <>
      <ScenarioHost>
        {isAlone ? <PaletteHost cluster={undefined}>{children}</PaletteHost> : <ClusterShell>{children}</ClusterShell>}
      </ScenarioHost>
      <ConnectionAnnouncer />
      <LazyToaster />
    </>
  );
}

function ClusterShell({ children }: { readonly children: ReactNode }) {
  const [areShortcutsShown, setShortcutsShown] = useState(false);
  const choice = useClusterChoice();
  const cluster = choice.kind === "chosen" ? choice.cluster : undefined;
  return (
    <PaletteHost cluster={cluster?.id}>
      <Frame
        rail={
          <Rail
            cluster={cluster?.id}
            mode={cluster?.mode}
            switcher={<ClusterSwitcher current={cluster} />}
            onShowShortcuts={() => setShortcutsShown(true)}
          />
        }
        status={<StatusBar cluster={cluster} />}
      >
        <PageOf choice={choice}>{children}</PageOf>
      </Frame>
      {areShortcutsShown && <ShortcutSheet onClose={() => setShortcutsShown(false)} />}
    </PaletteHost>
  );
}

interface PageOfProps {
  readonly choice: ChosenCluster;
  readonly children: ReactNode;
}

function PageOf({ choice, children }: PageOfProps) {
  const needsCluster = !clusterless.has(usePathname());
  if (!needsCluster) return children;
  switch (choice.kind) {
    case "chosen":
      return <ChosenPage cluster={choice.cluster}>{children}</ChosenPage>;
    case "loading":
      return null;
    case "none":
      return <ToAttach />;
    case "unknown":
      return <UnknownCluster id={choice.id} />;
    case "failed":
      return <ServerFailed error={choice.error} onRetry={choice.retry} />;
    default:
      return choice satisfies never;
  }
}

/** Another cluster is another page: nothing of the one before stays. */
function ChosenPage({ cluster, children }: { readonly cluster: Cluster; readonly children: ReactNode }) {
  return (
    <ClusterContext key={cluster.id} value={cluster}>
      {children}
    </ClusterContext>
  );
}

function ToAttach() {
  const router = useRouter();
  useEffect(() => router.replace("/attach"), [router]);
  return null;
}

function UnknownCluster({ id }: { readonly id: string }) {
  const router = useRouter();
  return (
    <EmptyState
      isPage
      title={`${id} is not attached.`}
      actions={
        <Button variant="primary" onClick={() => router.push(`/attach?context=${encodeURIComponent(id)}`)}>
          Attach it
        </Button>
      }
    >
      The address names a cluster that this server does not watch.
    </EmptyState>
  );
}

function ServerFailed({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const isSignedOut = error instanceof RequestFailedError && (error.status === 401 || error.status === 403);
  return (
    <EmptyState
      isPage
      title={isSignedOut ? "This browser is not signed in." : "The server does not answer."}
      actions={
        <Button variant="primary" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      {isSignedOut ? "Open the link that kube-inflight printed when it started." : error.message}
    </EmptyState>
  );
}

function ConnectionAnnouncer() {
  const announce = useAnnounce();
  useOnConnectionChange((before, after) => {
    if (after.phase === "lost" && before.phase !== "lost") announce("Connection lost. What is shown is not live.");
    if (after.phase === "connected" && before.phase === "lost") announce("Connected again.");
  });
  return null;
}
