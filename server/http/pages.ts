import type { Refusal } from "./judge.ts";

const printed = "in the terminal where kube-inflight runs";

/** For a reader who is not signed in. Needs no build, no script and no session. */
const signInPage = page(
  "Sign in",
  `<p>Open the link that was printed ${printed}. It works once; this browser stays signed in.</p>
<p>Used already, or out of sight? <a href="/login">Print a new one</a> there.</p>`,
);

/** For a link that was used, is too old or was never one; by then a new one has been printed. */
export const usedLinkPage = page(
  "This link does not work any more",
  `<p>A sign-in link works once, and for 15 minutes.</p>
<p>A new one has just been printed ${printed}: open that.</p>`,
);

export function refusalPage(refusal: Refusal): string {
  if (refusal.code === "not-signed-in") return signInPage;
  return page("Refused", `<p>${escaped(refusal.message)}.</p><p>Code: <code>${escaped(refusal.code)}</code></p>`);
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${title} · kube-inflight</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 34em; margin: 15vh auto; padding: 0 1em }</style>
<main>
<h1>${title}</h1>
${body}
</main>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
