import type { Metadata } from "next";
import { Suspense } from "react";
import { PodView } from "#components/pod/index.ts";

export const metadata: Metadata = { title: "Pod" };

export default function PodPage() {
  return (
    <Suspense>
      <PodView />
    </Suspense>
  );
}
