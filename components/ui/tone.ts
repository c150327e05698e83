/** Hues mean states; `neutral` is the chrome. */
export type Tone = "act" | "back" | "uns" | "gate" | "fly" | "miss" | "neutral";
