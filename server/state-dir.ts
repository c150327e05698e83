import { randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Secrets } from "./session.ts";

export interface OpenedSecrets {
  readonly secrets: Secrets;
  /** Set when they live in memory only, or when others could have read the old ones. For the user, in full sentences. */
  readonly warning?: string;
}

interface SecretFile {
  readonly name: string;
  readonly isWellFormed: (text: string) => boolean;
}

const keyFile: SecretFile = { name: "session-key", isWellFormed: (text) => /^[\w-]{43}$/.test(text) };
const tokenFile: SecretFile = { name: "token", isWellFormed: (text) => /^[\w-]{43}$/.test(text) };

/**
 * Reads the session key and the token of the state directory, or makes them. A server can do without the directory:
 * on a full disk or a read-only one the secrets live in memory, and a restart signs everybody out.
 */
export function openSecrets(stateDir: string, { isNew }: { readonly isNew: boolean }): OpenedSecrets {
  try {
    preparePrivateDirectory(stateDir);
    if (isNew) for (const { name } of [keyFile, tokenFile]) rmSync(join(stateDir, name), { force: true });
    const key = readOrCreate(stateDir, keyFile);
    const token = readOrCreate(stateDir, tokenFile);
    const replaced = [key, token].flatMap((secret) =>
      secret.replacedBecause === undefined ? [] : [secret.replacedBecause],
    );
    return {
      secrets: secretsOf(key.text, token.text),
      ...(replaced.length === 0 ? {} : { warning: replaced.join(" ") }),
    };
  } catch (error) {
    return {
      secrets: secretsOf(newSecret(), newSecret()),
      warning:
        `The state directory ${stateDir} cannot be used (${reasonOf(error)}): a restart will sign everybody out, ` +
        "and there is no token file for the command line. Free some space or name another one with --state-dir.",
    };
  }
}

function secretsOf(key: string, token: string): Secrets {
  return { sessionKey: Buffer.from(key, "base64url"), token };
}

function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

function preparePrivateDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const stat = statSync(path);
  if (!stat.isDirectory()) throw new Error("it is not a directory");
  if (process.getuid !== undefined && stat.uid !== process.getuid()) throw new Error("it belongs to another user");
  if ((stat.mode & 0o077) !== 0) chmodSync(path, 0o700);
}

interface FoundSecret {
  readonly text: string;
  readonly replacedBecause?: string;
}

function readOrCreate(directory: string, file: SecretFile): FoundSecret {
  const path = join(directory, file.name);
  const found = readPrivate(path);
  if (found.kind === "text" && file.isWellFormed(found.text)) return { text: found.text };
  if (found.kind === "exposed") {
    rmSync(path);
    return {
      text: create(directory, file),
      replacedBecause: `${path} could be read by others and was replaced: everybody has to sign in again.`,
    };
  }
  if (found.kind === "text") rmSync(path);
  return { text: create(directory, file) };
}

type ReadSecret = { readonly kind: "missing" | "exposed" } | { readonly kind: "text"; readonly text: string };

function readPrivate(path: string): ReadSecret {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return { kind: "missing" };
    throw error;
  }
  try {
    if ((fstatSync(descriptor).mode & 0o077) !== 0) return { kind: "exposed" };
    return { kind: "text", text: readFileSync(descriptor, "utf8").trim() };
  } finally {
    closeSync(descriptor);
  }
}

/** Whole or not at all, and of two servers that start at once both end up with the secret of the first. */
function create(directory: string, file: SecretFile): string {
  const path = join(directory, file.name);
  const draft = join(directory, `.${file.name}.${newSecret()}`);
  const text = newSecret();
  try {
    writeFileSync(draft, `${text}\n`, { mode: 0o600, flag: "wx" });
    linkSync(draft, path);
    return text;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    const other = readPrivate(path);
    if (other.kind !== "text" || !file.isWellFormed(other.text)) throw error;
    return other.text;
  } finally {
    rmSync(draft, { force: true });
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
};

function reasonOf(error: unknown): string {
  return reasons[codeOf(error) ?? ""] ?? (error instanceof Error ? error.message : String(error));
}

/** Where the server of this directory answers: what asks it from the command line looks here. No secret. */
export function writeAddress(stateDir: string, origin: string): void {
  writeFileSync(join(stateDir, "address"), `${origin}\n`, { mode: 0o600 });
}
