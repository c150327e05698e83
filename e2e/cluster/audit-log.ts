import { z } from "zod";

const entry = z.object({
  verb: z.string(),
  user: z.object({ username: z.string() }),
  userAgent: z.string().optional(),
  requestURI: z.string(),
});

/** Review kinds store nothing: asking what one may do is no write. */
const reviews = /^\/apis\/(authorization|authentication)\.k8s\.io\/v1\/self[a-z]+reviews/;
const ours = /^(viewer$|system:serviceaccount:inflight-)/;
const program = /^kube-inflight\//;

/** The API server's audit log: every create, update, patch and delete with who sent it, also those that were refused. */
export class AuditLog {
  readonly #entries: readonly z.infer<typeof entry>[];

  /** A server that was killed may have left a line that it did not finish. */
  constructor(text: string) {
    const lines = text.split("\n").filter((line) => line.startsWith("{") && line.endsWith("}"));
    this.#entries = lines.map((line) => entry.parse(JSON.parse(line)));
  }

  /** Writes of the program under test: by the users that it signs in as, or under its own name. */
  get ofOurs(): readonly string[] {
    return this.#entries
      .filter(
        ({ user, userAgent = "", requestURI }) =>
          (ours.test(user.username) || program.test(userAgent)) && !reviews.test(requestURI),
      )
      .map(({ verb, requestURI }) => `${verb} ${requestURI}`);
  }

  /** How many writes somebody made. */
  countOf(username: string): number {
    return this.#entries.filter(({ user }) => user.username === username).length;
  }
}
