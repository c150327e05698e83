"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { previewOf, resourcesOf, useAddHandler } from "#components/live/index.ts";
import { Button, Dialog, KeyCaps, formatExactCount, useShortcut, toast, useSettled } from "#components/ui/index.ts";
import type { InformerRow, Informers, PreviewRequest, PreviewResponse } from "#lib/protocol/index.ts";
import styles from "./add-handler-dialog.module.css";
import {
  formProblems,
  previewRequestOf,
  problemsOfServer,
  requestOf,
  resourceSections,
  withoutMissing,
  type AddableKind,
  type HandlerForm,
} from "./add-handler.model.ts";
import { HandlerFields } from "./handler-fields.tsx";
import { effectOf } from "./preview.model.ts";
import { addedSentence } from "./registrations.model.ts";
import type { TailMode } from "./tail.model.ts";
import { ResourcePicker } from "./resource-picker.tsx";
import { useHandlerForm } from "./use-handler-form.ts";

export interface AddHandlerDialogProps {
  readonly cluster: string;
  readonly informers: readonly InformerRow[];
  /** The informer that is looked at. */
  readonly selected: string | undefined;
  /** How many handlers people have added, and how many they may. */
  readonly added: Informers["added"];
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
export function AddHandlerDialog({ cluster, informers, selected, added, onClose, onAdded }: AddHandlerDialogProps) {
  const { form, change, resource = selected, choose, remember, clear } = useHandlerForm();
  const resources = useQuery(resourcesOf(cluster));
  const sections = resourceSections(resources.data?.resources ?? [], informers);
  const choice = sections.flatMap(({ choices }) => choices).find(({ key }) => key === resource);
  const mistakes = formProblems(form, choice?.key);
  const { preview, error: previewError } = usePreview(cluster, choice?.key, form, mistakes.times !== undefined);
  const problems = { ...mistakes, ...problemsOfServer(preview?.problems ?? []) };
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
              `Also in the address, so you can share this form. ${formatExactCount(added.handlers)} of at most ${formatExactCount(added.limit)} handlers are added.`
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
            isPending={add.isPending}
            disabledReason={
              added.handlers + form.times > added.limit
                ? `At most ${formatExactCount(added.limit)} handlers can be added: remove others first.`
                : undefined
            }
            aria-keyshortcuts="Control+Enter"
            onClick={submit}
            data-testid="handler-add-confirm"
          >
            Add handler <KeyCaps keys="mod+enter" />
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
            preview={preview}
            onChange={change}
          />
          <p className={styles.effect} data-testid="handler-effect">
            {choice === undefined && "Choose a resource to see what will happen."}
            {choice !== undefined && preview === undefined && (previewError ?? "Asking what will happen.")}
            {choice !== undefined && preview !== undefined && (
              <>
                <b>On add:</b> {effectOf(form, choice.resource, preview)}
              </>
            )}
          </p>
        </div>
      </div>
    </Dialog>
  );
}

/** Typing asks the server once it pauses. */
const pauseMs = 250;

function usePreview(
  cluster: string,
  informer: string | undefined,
  form: HandlerForm,
  isImpossible: boolean,
): { readonly preview: PreviewResponse | undefined; readonly error: string | undefined } {
  const wanted = useSettled(JSON.stringify(previewRequestOf(form)), pauseMs);
  const { data, error } = useQuery({
    ...previewOf(cluster, informer ?? "", JSON.parse(wanted) as PreviewRequest),
    enabled: informer !== undefined && !isImpossible,
  });
  const preview = informer === undefined ? undefined : data;
  return { preview, error: error === null ? undefined : `What it does cannot be said beforehand. ${error.message}` };
}
