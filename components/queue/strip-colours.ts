/** The tokens that the drawn list needs, as a canvas takes them. */
export type StripColours = Readonly<Record<keyof typeof tokens, string>>;

const tokens = {
  s1: "--s1",
  s2: "--s2",
  s3: "--s3",
  line2: "--line2",
  ctl: "--ctl",
  fg: "--fg",
  fg3: "--fg3",
  inv: "--inv",
  focus: "--focus",
  act: "--act",
  actText: "--act-t",
  actTile: "--act-b",
  fillAct: "--fill-act",
  onFill: "--on-fill",
  fly: "--fly",
  flyText: "--fly-t",
  flyBack: "--fly-b",
  flySolid: "--fly-s",
  ui: "--sans",
  mono: "--mono",
} as const;

/** What a person who chose the colours of their system is shown instead: shapes in ink on paper. */
const forced = { ink: "CanvasText", paper: "Canvas", chosen: "Highlight" } as const;
const papers: ReadonlySet<string> = new Set(["s1", "s2", "s3", "inv", "actTile", "flyBack", "onFill"]);
const chosen: ReadonlySet<string> = new Set(["flySolid", "focus", "fillAct"]);

/** As they are now, in the theme of the page. */
export function stripColours(element: Element): StripColours {
  const style = getComputedStyle(element);
  const isForced = matchMedia("(forced-colors: active)").matches;
  const colour = (name: string, token: string): string => {
    const isFont = name === "ui" || name === "mono";
    if (!isForced || isFont) return style.getPropertyValue(token).trim();
    return papers.has(name) ? forced.paper : chosen.has(name) ? forced.chosen : forced.ink;
  };
  return Object.fromEntries(
    Object.entries(tokens).map(([name, token]) => [name, colour(name, token)]),
  ) as unknown as StripColours;
}
