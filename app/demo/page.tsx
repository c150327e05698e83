import type { Metadata } from "next";
import { DemoView } from "#components/demo/index.ts";

export const metadata: Metadata = { title: "Demo" };

export default function DemoPage() {
  return <DemoView />;
}
