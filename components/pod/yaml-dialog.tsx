"use client";
import { useQuery } from "@tanstack/react-query";
import { yamlOf } from "#components/live/index.ts";
import { CopyBlock, Dialog, Skeleton } from "#components/ui/index.ts";

export interface YamlDialogProps {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** The object as the API server has it now; values that may be secret were dropped on the way. */
export function YamlDialog({ cluster, namespace, name, onClose }: YamlDialogProps) {
  const { data, error } = useQuery(yamlOf(cluster, namespace, name));
  return (
    <Dialog
      title={`${namespace}/${name}`}
      description="The pod as the API server has it now, redacted"
      isOpen
      onClose={onClose}
      width={760}
    >
      {error !== null && <p role="alert">{error.message}</p>}
      {error === null && data === undefined && <Skeleton width={320} />}
      {data !== undefined && <CopyBlock text={data.yaml} label="Copy the YAML" />}
    </Dialog>
  );
}
