import { formatCount } from "#components/ui/index.ts";
import type { InformerRow } from "#lib/protocol/index.ts";
import styles from "./first-sync.module.css";
import { pageWords } from "./informer-list.model.ts";

/** How far the first list is. What has arrived is shown meanwhile. */
export function FirstSync({ row: { resource, reflector } }: { readonly row: InformerRow }) {
  const share = reflector.phase === "listing" && reflector.pagesAbout !== undefined ? shareOf(reflector) : undefined;
  return (
    <div className={styles.sync} data-testid="first-sync">
      <p>{sentence(resource, reflector)}</p>
      <span className={styles.track} aria-hidden="true">
        <i
          className={share === undefined ? styles.unknown : undefined}
          style={share === undefined ? undefined : { transform: `scaleX(${share})` }}
        />
      </span>
    </div>
  );
}

function shareOf({ page, pagesAbout = page }: { readonly page: number; readonly pagesAbout?: number | undefined }) {
  return Math.min(1, page / Math.max(1, pagesAbout));
}

function sentence(resource: string, reflector: InformerRow["reflector"]): string {
  switch (reflector.phase) {
    case "listing":
      return `Listing ${resource}, ${pageWords(reflector)}`;
    case "streaming":
      return `Listing ${resource}, ${formatCount(reflector.received)} received as a stream`;
    case "backingOff":
      return `Listing ${resource} is tried again: ${reflector.reason}`;
    case "idle":
    case "connecting":
    case "watching":
      return `Listing ${resource}`;
    case "stopped":
      return "The informer has stopped";
    default:
      return reflector satisfies never;
  }
}
