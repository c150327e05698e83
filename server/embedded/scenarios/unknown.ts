import type { ScenarioContext } from "./context.ts";
import { tellStory } from "./stories/story.ts";
import { unseenClaim } from "./stories/volume-stories.ts";

/** Nobody may read claims, from before there are any. */
export function startUnknown(context: ScenarioContext): () => void {
  const allow = context.strike({ kind: "unauthorized", resource: "v1/persistentvolumeclaims" });
  tellStory(context, unseenClaim);
  return allow;
}
