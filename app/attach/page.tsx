import type { Metadata } from "next";
import { AttachView } from "#components/attach/index.ts";

export const metadata: Metadata = { title: "Attach" };

export default function AttachPage() {
  return <AttachView />;
}
