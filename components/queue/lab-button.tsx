"use client";
import { FlaskConical } from "lucide-react";
import { useRouter } from "next/navigation";
import type { PodInLab } from "#components/lab/index.ts";
import { Button } from "#components/ui/index.ts";

export interface LabButtonProps {
  readonly pod: () => PodInLab;
  readonly label?: string;
}

/** Plays an attempt on both lists, the one of 1.28.0 and the current one. The Lab is fetched when somebody asks for it. */
export function LabButton({ pod, label = "Lab" }: LabButtonProps) {
  const router = useRouter();
  const open = async (): Promise<void> => {
    const { labHrefOf } = await import("#components/lab/index.ts");
    router.push(await labHrefOf(pod()));
  };
  return (
    <Button
      size="small"
      variant="ghost"
      icon={<FlaskConical size={14} aria-hidden="true" />}
      title="The same attempt on the list of 1.28.0 and on the current one"
      onClick={() => void open()}
    >
      {label}
    </Button>
  );
}
