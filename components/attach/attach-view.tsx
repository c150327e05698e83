"use client";
import { CircleQuestionMark, Moon, Play, Plug, RefreshCw, Sun } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useQueryState } from "nuqs";
import { useState } from "react";
import { RequestFailedError, useAttach, useClusterList } from "#components/live/index.ts";
import { Mark, ShortcutSheet, StatusBar, pageHref, useTheme } from "#components/shell/index.ts";
import { Button, Card, EmptyState, IconButton, Skeleton, useShortcut } from "#components/ui/index.ts";
import type { AttachRequest } from "#lib/protocol/index.ts";
import { contextRows, headline, type ContextRow } from "./attach.model.ts";
import styles from "./attach-view.module.css";
import { ContextCard } from "./context-card.tsx";
import { DemoPicture } from "./demo-picture.tsx";

/** A cluster that is starting answers soon, and one that failed may be mended meanwhile. */
const refetchMs = 3_000;

/** Which clusters there are to look at, why one does not answer, and the demo that always does. */
export function AttachView() {
  const router = useRouter();
  const [wanted] = useQueryState("context");
  const list = useClusterList({ refetchMs });
  const attach = useAttach();
  const rows = list.data === undefined ? [] : contextRows(list.data);

  const hasDemo = list.data?.clusters.some(({ mode }) => mode === "embedded") ?? false;

  const start = (request: AttachRequest): void =>
    attach.mutate(request, { onSuccess: ({ cluster }) => router.push(pageHref("/", cluster.id)) });
  const isStarting = (request: AttachRequest): boolean =>
    attach.isPending && JSON.stringify(attach.variables) === JSON.stringify(request);
  const demo: AttachRequest = { demo: true };
  useShortcut({ keys: "d", label: "Start the demo cluster", group: "Page" }, () => start(demo));
  useShortcut({ keys: "r", label: "Check again", group: "Page" }, () => void list.refetch());

  return (
    <div className={styles.frame}>
      <TopLine />
      <main className={styles.main} id="main">
        {list.data === undefined && list.error !== null && (
          <ServerSilent error={list.error} onRetry={() => void list.refetch()} />
        )}
        {list.data === undefined && list.error === null && <AttachSkeleton />}
        {list.data !== undefined && (
          <>
            <Headline {...headline(list.data, rows)} />
            <div className={styles.columns}>
              <section className={styles.contexts} aria-label="Contexts of the kubeconfig">
                <div className={styles.check}>
                  <span>Checked every few seconds</span>
                  <Button
                    size="small"
                    shortcut="R"
                    icon={<RefreshCw size={13} aria-hidden="true" />}
                    onClick={() => void list.refetch()}
                  >
                    Check again
                  </Button>
                </div>
                {rows.map((row) => (
                  <ContextCard
                    key={row.context.id}
                    row={row}
                    isWanted={row.context.id === wanted || row.context.name === wanted}
                    isPending={isStarting(requestFor(row))}
                    error={errorFor(row, attach.error, attach.variables)}
                    onAttach={() => start(requestFor(row))}
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
                      onClick={() => start(demo)}
                      data-testid="attach-demo"
                    >
                      {hasDemo ? "Open the demo cluster" : "Start the demo cluster"}
                    </Button>
                    {attach.error !== null && attach.variables !== undefined && "demo" in attach.variables && (
                      <p className={styles.error} role="alert">
                        {attach.error.message}
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

function errorFor({ context }: ContextRow, error: Error | null, sent: AttachRequest | undefined): string | undefined {
  return error !== null && sent !== undefined && "context" in sent && sent.context === context.name
    ? error.message
    : undefined;
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

function Headline({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <div className={styles.headline}>
      <h1>{title}</h1>
      <p>{text}</p>
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
