import { createHash } from "node:crypto";
import { isAbsolute, join } from "node:path";
import { z } from "zod";
import { optionalText } from "./text.ts";

const execApiVersions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"] as const;
type ExecApiVersion = (typeof execApiVersions)[number];

export interface ExecEnv {
  readonly name: string;
  readonly value: string;
}

/** The sign-in command of a kubeconfig user. It is any program, so it runs only after it was approved. */
export interface ExecPlugin {
  readonly apiVersion: ExecApiVersion;
  /** Absolute, or a bare name that is looked up in PATH. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly ExecEnv[];
  readonly needsTerminal: boolean;
  readonly wantsClusterInfo: boolean;
  readonly installHint: string | undefined;
  /** Stands for command, arguments and environment: what approval is given to. */
  readonly hash: string;
  /** As it is shown. Values that look secret are left out; the hash covers them. */
  readonly commandLine: string;
}

export const execSchema = z.looseObject({
  apiVersion: z.enum(execApiVersions),
  command: z.string().min(1),
  args: z
    .array(z.string())
    .nullish()
    .transform((args) => args ?? []),
  env: z
    .array(z.looseObject({ name: z.string().min(1), value: z.string() }))
    .nullish()
    .transform((env) => (env ?? []).map(({ name, value }): ExecEnv => ({ name, value }))),
  interactiveMode: z.enum(["Never", "IfAvailable", "Always"]).nullish(),
  provideClusterInfo: z.boolean().nullish(),
  installHint: optionalText,
});

export function execPlugin(exec: z.output<typeof execSchema>, directory: string | undefined): ExecPlugin {
  const { args, env } = exec;
  const command = commandPath(exec.command, directory);
  return {
    apiVersion: exec.apiVersion,
    command,
    args,
    env,
    needsTerminal: exec.interactiveMode === "Always",
    wantsClusterInfo: exec.provideClusterInfo === true,
    installHint: exec.installHint,
    hash: execHash(command, args, env),
    commandLine: commandLine(command, args, env),
  };
}

/** A change of any part is another hash, and so another question. */
function execHash(command: string, args: readonly string[], env: readonly ExecEnv[]): string {
  const parts = JSON.stringify([command, args, env.map(({ name, value }) => [name, value])]);
  return createHash("sha256").update(parts).digest("hex");
}

/** With a separator in it, it is relative to the kubeconfig; a bare name is looked up in PATH. Upstream: `clientcmd`. */
function commandPath(command: string, directory: string | undefined): string {
  if (directory === undefined || isAbsolute(command) || !command.includes("/")) return command;
  return join(directory, command);
}

const secretName = /secret|password|passwd|token$|api[-_]?key|credential/i;

function commandLine(command: string, args: readonly string[], env: readonly ExecEnv[]): string {
  const variables = env.map(({ name, value }) => `${name}=${secretName.test(name) ? "…" : quoted(value)}`);
  const words = args.map((word, index) => {
    const previous = args[index - 1] ?? "";
    if (previous.startsWith("-") && !previous.includes("=") && secretName.test(previous) && !word.startsWith("-"))
      return "…";
    const equals = word.indexOf("=");
    const isSecret = equals > 0 && word.startsWith("-") && secretName.test(word.slice(0, equals));
    return isSecret ? `${word.slice(0, equals)}=…` : quoted(word);
  });
  return [...variables, quoted(command), ...words].join(" ");
}

/** As a POSIX shell would need it, so that it can be read, and copied. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
