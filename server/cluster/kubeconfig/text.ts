import { z } from "zod";

/** A text that may be left out. kubectl writes what is not set as an empty string or as null. */
export const optionalText = z
  .string()
  .nullish()
  .transform((text) => (text === null || text === "" ? undefined : text));
