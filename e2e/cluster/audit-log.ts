import { z } from "zod";

const entry = z.object({
  verb: z.string(),
  user: z.object({ username: z.string() }),
  requestURI: z.string(),
});

/** Review kinds store nothing: asking what one may do is no write. */
const reviews = /^\/apis\/(authorization|authentication)\.k8s\.io\/v1\/self[a-z]+reviews/;

/** The API server's audit log: every create, update, patch and delete with who sent it. */
export class AuditLog {
  readonly #entries: readonly z.infer<typeof entry>[];

  constructor(text: string) {
    const lines = text.split("\n").filter((line) => line !== "");
    this.#entries = lines.map((line) => entry.parse(JSON.parse(line)));
  }

  writesBy(username: string): readonly string[] {
    return this.#entries
      .filter(({ user, requestURI }) => user.username === username && !reviews.test(requestURI))
      .map(({ verb, requestURI }) => `${verb} ${requestURI}`);
  }
}
