"use client";
import { CircleQuestionMark, Clapperboard, Moon, Play, Plug, RefreshCw, Sun } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useQueryState } from "nuqs";
import { useEffect, useRef, useState } from "react";
import { RequestFailedError, useAttach, useClusterList, useDetach, useOfflineReason } from "#components/live/index.ts";
import {
  ConnectionBanner,
  Mark,
  ShortcutSheet,
  StatusBar,
  pageHref,
  useScenarios,
  useTheme,
} from "#components/shell/index.ts";
import {
  Button,
  Card,
  EmptyState,
  IconButton,
  Skeleton,
  useAnnounce,
  useListKeys,
  useShortcut,
} from "#components/ui/index.ts";
import type { AttachRequest, ClusterList } from "#lib/protocol/index.ts";
import { contextRows, headline, outcomeOf, type ContextRow } from "./attach.model.ts";
import styles from "./attach-view.module.css";
import { ContextCard } from "./context-card.tsx";
import { DemoPicture } from "./demo-picture.tsx";

/** A cluster that is starting answers soon, and one that failed may be mended meanwhile. */
const refetchMs = 3_000;

/** Which clusters there are to look at, why one does not answer, and the demo that always does. */
export function AttachView() {
  const [wanted] = useQueryState("context");
  const list = useClusterList({ refetchMs });
  const { start, isStarting, failure } = useStart(list.data);
  const rows = list.data === undefined ? [] : contextRows(list.data);
  const failed = rows.filter(({ state }) => state.kind === "problem");
  const scenarios = useScenarios();
  const offline = useOfflineReason();
  const blocked = list.data?.server.isReadOnly === true ? "The server was started with --read-only." : offline;

  const hasDemo = list.data?.clusters.some(({ mode }) => mode === "embedded") ?? false;
  const retryAll = (): void => {
    void list.refetch();
    for (const row of failed) start(requestFor(row), row);
  };
  useShortcut({ keys: "d", label: "Start the demo cluster", group: "Page" }, () => start(demo));
  useShortcut({ keys: "r", label: "Check again", group: "Page" }, retryAll);
  const contexts = useRef<HTMLElement>(null);
  useListKeys({
    group: "Page",
    noun: "context",
    isOn: rows.length > 0,
    onMove: (by) => {
      const cards = [...(contexts.current?.querySelectorAll<HTMLElement>("article") ?? [])].flatMap(
        (card) => card.querySelector<HTMLElement>("button, a") ?? [],
      );
      const at = cards.findIndex((button) => button.closest("article")?.contains(document.activeElement));
      cards[at === -1 ? (by > 0 ? 0 : cards.length - 1) : at + by]?.focus();
    },
  });

  return (
    <div className={styles.frame}>
      <TopLine />
      <div>
        <ConnectionBanner />
      </div>
      <main className={styles.main} id="main">
        {list.data === undefined && list.error !== null && (
          <ServerSilent error={list.error} onRetry={() => void list.refetch()} />
        )}
        {list.data === undefined && list.error === null && <AttachSkeleton />}
        {list.data !== undefined && (
          <>
            <Headline {...headline(list.data, rows)} />
            <div className={styles.columns}>
              <section ref={contexts} className={styles.contexts} aria-label="Contexts of the kubeconfig">
                <div className={styles.check}>
                  <span>The kubeconfig and its clusters are looked at every 3 s</span>
                  <Button
                    size="small"
                    shortcut="R"
                    icon={<RefreshCw size={13} aria-hidden="true" />}
                    disabledReason={failed.length === 0 ? undefined : blocked}
                    onClick={retryAll}
                  >
                    {failed.length > 0 ? "Retry all" : "Check again"}
                  </Button>
                </div>
                {rows.map((row) => (
                  <ContextCard
                    key={row.context.id}
                    row={row}
                    isWanted={row.context.id === wanted || row.context.name === wanted}
                    isPending={isStarting(requestFor(row))}
                    blocked={blocked}
                    error={failure?.key === keyOf(requestFor(row)) ? failure.message : undefined}
                    onAttach={() => start(requestFor(row), row)}
                  />
                ))}
                {rows.length === 0 && (
                  <div className={styles.nothing}>
                    <EmptyState title="There is no context to attach.">
                      The server reads only what its command line and its environment name.
                    </EmptyState>
                  </div>
                )}
              </section>
              <aside className={styles.aside}>
                <Card title="Try it without a cluster">
                  <div className={styles.demo}>
                    <p>
                      A small control plane inside this server, with stuck pods to look at. Pause it and step one
                      operation at a time.
                    </p>
                    <DemoPicture />
                    <Button
                      variant="primary"
                      shortcut="D"
                      icon={<Play size={13} aria-hidden="true" />}
                      isPending={isStarting(demo)}
                      disabledReason={hasDemo ? undefined : blocked}
                      onClick={() => start(demo)}
                      data-testid="attach-demo"
                    >
                      {hasDemo ? "Open the demo cluster" : "Start the demo cluster"}
                    </Button>
                    <Button
                      disabledReason={blocked}
                      icon={<Clapperboard size={13} aria-hidden="true" />}
                      onClick={scenarios.open}
                    >
                      Choose what it plays
                    </Button>
                    {failure?.key === keyOf(demo) && (
                      <p className={styles.error} role="alert">
                        {failure.message}
                      </p>
                    )}
                  </div>
                </Card>
                <Card title="What attaching does">
                  <p className={styles.note}>
                    It gets, lists and watches, and writes nothing. What kube-scheduler does is followed by a model of
                    its queue, and everything that the model says is marked.
                  </p>
                </Card>
              </aside>
            </div>
          </>
        )}
      </main>
      <StatusBar cluster={undefined} />
    </div>
  );
}

function requestFor({ context, state }: ContextRow): AttachRequest {
  return { context: context.name, ...(state.kind === "needsApproval" ? { approveExec: state.hash } : {}) };
}

const demo: AttachRequest = { demo: true };

function keyOf(request: AttachRequest): string {
  return "demo" in request ? "demo" : `context ${request.context}`;
}

/** Attaches, and opens the cluster once it answers; one that does not stays on this page with its reason. */
function useStart(list: ClusterList | undefined) {
  const router = useRouter();
  const announce = useAnnounce();
  const attach = useAttach().mutateAsync;
  const detach = useDetach().mutateAsync;
  const [starting, setStarting] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState<string>();
  const [failure, setFailure] = useState<{ readonly key: string; readonly message: string }>();

  const outcome = list === undefined ? undefined : outcomeOf(list, asked);
  const opened = outcome?.kind === "open" ? outcome.id : undefined;
  useEffect(() => {
    if (opened !== undefined) router.push(pageHref("/", opened));
  }, [opened, router]);
  const hasFailed = outcome?.kind === "failed";
  useEffect(() => {
    if (hasFailed) announce("The cluster does not answer.");
  }, [hasFailed, announce]);

  const run = async (request: AttachRequest, row: ContextRow | undefined): Promise<void> => {
    const key = keyOf(request);
    setStarting((keys) => new Set([...keys, key]));
    setFailure(undefined);
    try {
      // One that failed keeps trying by itself, but less and less often: attached anew it tries at once.
      if (row !== undefined && row.state.kind !== "free") await detach(row.context.id);
      const { cluster } = await attach(request);
      setAsked(cluster.id);
    } catch (error) {
      setFailure({ key, message: error instanceof Error ? error.message : "That failed." });
    } finally {
      setStarting((keys) => new Set([...keys].filter((other) => other !== key)));
    }
  };
  return {
    start: (request: AttachRequest, row?: ContextRow) => void run(request, row),
    isStarting: (request: AttachRequest) => starting.has(keyOf(request)),
    failure,
  };
}

function TopLine() {
  const [areShortcutsShown, setShortcutsShown] = useState(false);
  const { theme, toggle } = useTheme();
  useShortcut({ keys: "t", label: "Light or dark", group: "Page" }, toggle);
  useShortcut({ keys: "?", label: "Shortcuts", group: "Page" }, () => setShortcutsShown(true));
  return (
    <header className={styles.top}>
      <Link className={styles.brand} href="/">
        <Mark />
        kube-inflight
      </Link>
      <IconButton
        icon={theme === "dark" ? <Sun size={16} aria-hidden="true" /> : <Moon size={16} aria-hidden="true" />}
        label="Light or dark"
        variant="ghost"
        onClick={toggle}
      />
      <IconButton
        icon={<CircleQuestionMark size={16} aria-hidden="true" />}
        label="Shortcuts"
        variant="ghost"
        onClick={() => setShortcutsShown(true)}
      />
      {areShortcutsShown && <ShortcutSheet onClose={() => setShortcutsShown(false)} />}
    </header>
  );
}

/** Options, variables and paths: what one types is not broken at its hyphens. */
const codeParts = /((?<=^|\s)(?:--|\$|~?\/)[^\s,;]*[^\s,;.])/u;

function Headline({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <div className={styles.headline}>
      <h1>{title}</h1>
      <p>
        {text.split(codeParts).map((part, index) =>
          // The odd parts are those that were split at.
          index % 2 === 1 ? <code key={`${index} ${part}`}>{part}</code> : part,
        )}
      </p>
    </div>
  );
}

function ServerSilent({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const isSignedOut = error instanceof RequestFailedError && (error.status === 401 || error.status === 403);
  return (
    <>
      <Headline
        title={isSignedOut ? "This browser is not signed in." : "The server does not answer."}
        text={isSignedOut ? "Open the link that kube-inflight printed when it started." : error.message}
      />
      <Button icon={<Plug size={14} aria-hidden="true" />} onClick={onRetry}>
        Try again
      </Button>
    </>
  );
}

const skeletonCards = ["a", "b", "c"];

function AttachSkeleton() {
  return (
    <div aria-busy="true">
      <Headline title="Attach a cluster." text="Reading the contexts of the kubeconfig." />
      <div className={styles.columns}>
        <div className={styles.contexts}>
          <div className={styles.check} />
          {skeletonCards.map((key) => (
            <div key={key} className={styles.skeleton}>
              <Skeleton width={120} height={12} />
              <Skeleton width={280} />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
