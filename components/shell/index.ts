export { initialsOf, pageHref } from "./cluster-choice.model.ts";
export { useCluster } from "./cluster-context.ts";
export { EmptyFrame } from "./frame.tsx";
export { Mark } from "./icons.tsx";
export { Page, type PageProps } from "./page.tsx";
export { Shell } from "./shell.tsx";
export { StatusBar } from "./status-bar.tsx";
export { themeScript, useTheme } from "./theme.ts";
