"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { resourcesOf, useAddHandler } from "#components/live/index.ts";
import { Button, Dialog, useShortcut } from "#components/ui/index.ts";
import type { InformerRow } from "#lib/protocol/index.ts";
import styles from "./add-handler-dialog.module.css";
import {
  effectOf,
  formProblems,
  requestOf,
  resourceSections,
  withoutMissing,
  type AddableKind,
} from "./add-handler.model.ts";
import { HandlerFields } from "./handler-fields.tsx";
import { addedSentence } from "./registrations.model.ts";
import type { TailMode } from "./tail.model.ts";
import { ResourcePicker } from "./resource-picker.tsx";
import { useHandlerForm } from "./use-handler-form.ts";

export interface AddHandlerDialogProps {
  readonly cluster: string;
  readonly informers: readonly InformerRow[];
  /** The informer that is looked at. */
  readonly selected: string | undefined;
  readonly onClose: () => void;
  readonly onAdded: (
    informer: string,
    shown: { readonly handler: number | null; readonly tail: TailMode | null },
  ) => void;
}

/** How a new handler is shown at once, if it has a tail. */
const tailFor = { tail: "summary", diff: "diff", count: null, slow: null } as const satisfies Record<
  AddableKind,
  TailMode | null
>;

/** Everything that is filled in stands in the address, so the form can be shared. */
export function AddHandlerDialog({ cluster, informers, selected, onClose, onAdded }: AddHandlerDialogProps) {
  const { form, change, resource = selected, choose, remember, clear } = useHandlerForm();
  const resources = useQuery(resourcesOf(cluster));
  const sections = resourceSections(resources.data?.resources ?? [], informers);
  const choice = sections.flatMap(({ choices }) => choices).find(({ key }) => key === resource);
  const problems = formProblems(form, choice?.key);
  const isReady = Object.keys(problems).length === 0;
  const [isTried, setTried] = useState(false);
  const add = useAddHandler(cluster);

  const failed = add.error?.message ?? (isTried && !isReady ? Object.values(problems).join(" ") : undefined);
  const close = (): void => {
    clear();
    onClose();
  };
  const submit = (): void => {
    setTried(true);
    if (!isReady || choice === undefined || add.isPending) return;
    add.mutate(
      { informer: choice.key, request: requestOf(form) },
      {
        onSuccess: ({ informer, registrations, syntheticAdds }) => {
          remember();
          clear();
          toast(addedSentence(registrations, syntheticAdds));
          onAdded(informer, { handler: registrations[0] ?? null, tail: tailFor[form.kind] });
        },
      },
    );
  };
  useShortcut({ keys: "mod+enter", label: "Add the handler", group: "Dialog", isForDialog: true }, submit);

  return (
    <Dialog
      title="Add handler"
      description="Registers a handler of this server on an informer"
      isOpen
      onClose={close}
      width={858}
      footer={
        <>
          <span className={styles.note}>
            {failed === undefined ? (
              "Also in the address, so you can share this form"
            ) : (
              <span className={styles.error} role="alert">
                {failed}
              </span>
            )}
          </span>
          <Button variant="ghost" shortcut="esc" onClick={close}>
            Cancel
          </Button>
          <Button
            variant="primary"
            shortcut="⌘↵"
            isPending={add.isPending}
            onClick={submit}
            data-testid="handler-add-confirm"
          >
            Add handler
          </Button>
        </>
      }
    >
      <div className={styles.columns}>
        <ResourcePicker
          sections={sections}
          chosen={choice?.key}
          isLoading={resources.isPending}
          error={resources.error}
          onRetry={() => void resources.refetch()}
          onChoose={choose}
        />
        <div className={styles.form}>
          <HandlerFields
            form={form}
            problems={isTried ? problems : withoutMissing(problems)}
            isNamespaced={choice?.isNamespaced ?? true}
            onChange={change}
          />
          <p className={styles.effect} data-testid="handler-effect">
            {choice === undefined ? (
              "Choose a resource to see what will happen."
            ) : (
              <>
                <b>On add:</b> {effectOf(form, choice)}
              </>
            )}
          </p>
        </div>
      </div>
    </Dialog>
  );
}
