import { expect } from "vitest";
import { topics, type TopicName } from "#lib/protocol/index.ts";

/**
 * The contract of the wire, which every value that a view builds has to keep: it is what its topic's schema says, has
 * nothing that the schema does not know, and survives JSON and merge patches, so no `undefined` and no `null`.
 */
export function expectToKeepContract(topic: TopicName, built: object): void {
  const value: unknown = { ...built, asOf: 1 };
  const text = JSON.stringify(value);
  expect(JSON.parse(text)).toStrictEqual(value);
  expect(hasNull(value)).toBe(false);
  expect(topics[topic].value.parse(value)).toStrictEqual(value);
}

function hasNull(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === null;
  return Object.values(value).some(hasNull);
}
