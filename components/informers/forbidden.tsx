"use client";
import { Copy, Lock, RefreshCw } from "lucide-react";
import { toast } from "sonner";
import { useCluster } from "#components/shell/index.ts";
import { Button, Card } from "#components/ui/index.ts";
import type { Informer, Problem } from "#lib/protocol/index.ts";
import { grantCommands } from "./forbidden.model.ts";
import styles from "./forbidden.module.css";
import { useInformerCommands } from "./use-informer-commands.ts";

export interface ForbiddenProps {
  readonly informer: Informer;
  readonly problem: Problem;
}

/** Which rights are missing, how to get them, and what still works without. */
export function Forbidden({ informer: { row }, problem }: ForbiddenProps) {
  const cluster = useCluster();
  const { relist, isBusy } = useInformerCommands(cluster.id, row);
  const commands = grantCommands(cluster.name, row.resource, row.groupVersion);
  return (
    <div className={styles.forbidden}>
      <header className={styles.header}>
        <span className={styles.icon}>
          <Lock size={18} aria-hidden="true" />
        </span>
        <div className={styles.words}>
          <h2>Not allowed to list or watch {row.resource}</h2>
          <p>{problem.message} Everything else keeps working.</p>
        </div>
        <Button icon={<RefreshCw size={14} aria-hidden="true" />} isPending={isBusy} onClick={relist}>
          Check again
        </Button>
      </header>
      <Card
        title="Grant it"
        context="needs a cluster admin, read-only rights on one resource"
        actions={
          <Button
            size="small"
            icon={<Copy size={13} aria-hidden="true" />}
            onClick={() => {
              navigator.clipboard.writeText(commands).then(
                () => toast("Copied."),
                () => toast("Copying is not allowed here: select the text instead."),
              );
            }}
          >
            Copy
          </Button>
        }
      >
        <pre className={styles.commands}>{commands}</pre>
      </Card>
      <p className={styles.hint}>{problem.hint} Asked again by itself: the informer starts once it is allowed.</p>
    </div>
  );
}
