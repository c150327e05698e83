import type { Metadata } from "next";
import { Suspense } from "react";
import { LabView } from "#components/lab/index.ts";

export const metadata: Metadata = { title: "Lab" };

export default function LabPage() {
  return (
    <Suspense>
      <LabView />
    </Suspense>
  );
}
