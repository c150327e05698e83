import { queryParts } from "#lib/protocol/index.ts";

/** The parts of a query as they are shown: each can be taken out, those that cannot be read above all. */
export function tokensOf(query: string): readonly string[] {
  return queryParts(query);
}

export function withToken(query: string, token: string): string {
  const text = token.trim();
  if (text === "" || tokensOf(query).includes(text)) return query.trim();
  return `${query.trim()} ${text}`.trim();
}

export function withoutToken(query: string, token: string): string {
  return tokensOf(query)
    .filter((each) => each !== token)
    .join(" ");
}
