import type { Metadata } from "next";
import { Suspense } from "react";
import { PodsView } from "#components/pods/index.ts";

export const metadata: Metadata = { title: "Pods" };

export default function PodsPage() {
  return (
    <Suspense>
      <PodsView />
    </Suspense>
  );
}
