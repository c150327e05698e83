const name = "[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?";
const key = `(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?/)?${name}`;
const values = `\\(\\s*(?:${name})?(?:\\s*,\\s*(?:${name})?)*\\s*\\)`;
const requirement = new RegExp(
  `^(?:!\\s*${key}|${key}(?:\\s*(?:==|=|!=)\\s*(?:${name})?|\\s+(?:in|notin)\\s*${values})?)$`,
  "u",
);

/** What is wrong with a label selector, before the server is asked; `undefined` when nothing is. */
export function labelSelectorProblem(text: string): string | undefined {
  if (text.trim() === "") return undefined;
  const wrong = splitRequirements(text).find((part) => !requirement.test(part));
  if (wrong === undefined) return undefined;
  return wrong === "" ? "A requirement is missing at a comma." : `Not understood: ${wrong}`;
}

/** At the commas that stand outside of parentheses. */
function splitRequirements(text: string): readonly string[] {
  return text.split(/,(?![^(]*\))/u).map((part) => part.trim());
}
