import type { Metadata } from "next";
import { Suspense } from "react";
import { QueueView } from "#components/queue/index.ts";

export const metadata: Metadata = { title: "Queue" };

export default function QueuePage() {
  return (
    <Suspense>
      <QueueView />
    </Suspense>
  );
}
