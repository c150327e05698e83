"use client";
import { Zap } from "lucide-react";
import Link from "next/link";
import { useClearFaults, useTopic } from "#components/live/index.ts";
import { Banner, Button, toast } from "#components/ui/index.ts";
import { bannerWords } from "./fault-words.model.ts";
import styles from "./faults-banner.module.css";

export interface FaultsBannerProps {
  /** An embedded one. */
  readonly cluster: string;
  /** Of the page where they are switched; absent on it. */
  readonly href?: string | undefined;
}

const noView = {};

/** On every page while anything goes wrong on purpose, so that nobody looks for another cause. */
export function FaultsBanner({ cluster, href }: FaultsBannerProps) {
  const faults = useTopic(cluster, "faults", noView);
  const clear = useClearFaults(cluster);
  const words = faults.phase === "live" ? bannerWords(faults.value) : undefined;
  if (words === undefined) return null;
  return (
    <Banner
      tone="back"
      icon={<Zap size={16} aria-hidden="true" />}
      title={words.title}
      actions={
        <>
          {href !== undefined && (
            <Link className={styles.link} href={href}>
              Faults
            </Link>
          )}
          <Button
            size="small"
            isPending={clear.isPending}
            onClick={() => clear.mutate(undefined, { onError: (error) => toast.error(error.message) })}
          >
            Switch off
          </Button>
        </>
      }
    >
      {words.text}
    </Banner>
  );
}
