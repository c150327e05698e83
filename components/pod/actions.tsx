"use client";
import { Copy } from "lucide-react";
import { useState } from "react";
import { reportOf } from "#components/live/index.ts";
import { useCluster } from "#components/shell/index.ts";
import { Button, toast, useShortcut } from "#components/ui/index.ts";
import type { PodRef } from "#lib/protocol/index.ts";
import { YamlDialog } from "./yaml-dialog.tsx";

/** What can be taken along: the report, and the object. */
export function Actions({ pod: { namespace, name } }: { readonly pod: PodRef }) {
  const cluster = useCluster();
  const [isYamlOpen, setYamlOpen] = useState(false);
  const copyReport = (): void => {
    reportOf(cluster.id, namespace, name)
      .then(({ markdown }) => navigator.clipboard.writeText(markdown))
      .then(
        () => toast("The report was copied, as Markdown."),
        (error: unknown) => toast.error(error instanceof Error ? error.message : String(error)),
      );
  };
  useShortcut({ keys: "c", label: "Copy the report", group: "Pod" }, copyReport);
  useShortcut({ keys: "y", label: "YAML", group: "Pod" }, () => setYamlOpen(true));
  return (
    <>
      <Button size="small" icon={<Copy size={13} />} shortcut="C" onClick={copyReport}>
        Copy report
      </Button>
      <Button size="small" shortcut="Y" onClick={() => setYamlOpen(true)}>
        YAML
      </Button>
      {isYamlOpen && (
        <YamlDialog cluster={cluster.id} namespace={namespace} name={name} onClose={() => setYamlOpen(false)} />
      )}
    </>
  );
}
