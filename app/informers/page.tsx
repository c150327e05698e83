import type { Metadata } from "next";
import { InformersView } from "#components/informers/index.ts";

export const metadata: Metadata = { title: "Informers" };

export default function InformersPage() {
  return <InformersView />;
}
