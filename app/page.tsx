import type { Metadata } from "next";
import { OverviewView } from "#components/overview/index.ts";

export const metadata: Metadata = { title: { absolute: "Overview · kube-inflight" } };

export default function OverviewPage() {
  return <OverviewView />;
}
