import { spawn, type ChildProcessByStdio } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { builtGoProgram } from "#e2e/bench/go-program.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import type { Told } from "./recorded-chains.ts";

interface GoObject {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly namespace: string;
  readonly name: string;
}

type GoLine =
  | { readonly kind: "add"; readonly resource: string; readonly object: GoObject }
  | { readonly kind: "update"; readonly resource: string; readonly old: GoObject; readonly object: GoObject }
  | { readonly kind: "delete"; readonly resource: string; readonly object: GoObject; readonly isInferred?: boolean }
  | { readonly kind: "stored"; readonly resource: string; readonly stored?: readonly GoObject[] };

export interface ClientGoTarget {
  readonly server: string;
  readonly token: string;
  readonly authority: string;
  /** `v1/pods`, `apps/v1/deployments`. */
  readonly resources: readonly string[];
}

/** Informers of client-go itself, in a process of their own: all that their handlers are told, and what they store. */
export class ClientGo {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #told = new Map<string, Told[]>();
  readonly #asked = new Map<string, (stored: readonly GoObject[]) => void>();

  private constructor(program: string, target: ClientGoTarget) {
    this.#child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
    createInterface({ input: this.#child.stdout }).on("line", (line) => this.#hear(JSON.parse(line) as GoLine));
    this.#child.stdin.write(`${JSON.stringify(target)}\n`);
  }

  static async start(target: ClientGoTarget): Promise<ClientGo> {
    const program = await builtGoProgram(fileURLToPath(new URL("go/watcher", import.meta.url)));
    if (program === undefined) throw new Error("client-go needs Go: install it, or run the other tests only");
    return new ClientGo(program, target);
  }

  /** Everything that the handler of a resource was told, in order. */
  told(resource: string): readonly Told[] {
    return this.#told.get(resource) ?? [];
  }

  /** Uid and version of what its informer has now. */
  async stored(resource: string): Promise<ReadonlyMap<string, string>> {
    const stored = await this.#ask(resource);
    return new Map(stored.map(({ uid, resourceVersion }) => [uid, resourceVersion]));
  }

  /** `namespace/name`, sorted. */
  async names(resource: string): Promise<readonly string[]> {
    return (await this.#ask(resource)).map(({ namespace, name }) => [namespace, name].filter(Boolean).join("/")).sort();
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.stdin.end();
    await ended;
  }

  #ask(resource: string): Promise<readonly GoObject[]> {
    return new Promise((resolve) => {
      this.#asked.set(resource, resolve);
      this.#child.stdin.write(`${resource}\n`);
    });
  }

  #hear(line: GoLine): void {
    if (line.kind === "stored") {
      this.#asked.get(line.resource)?.(line.stored ?? []);
      this.#asked.delete(line.resource);
      return;
    }
    const told = this.#told.get(line.resource) ?? [];
    this.#told.set(line.resource, told);
    told.push(toldBy(line));
  }
}

function toldBy(line: Exclude<GoLine, { readonly kind: "stored" }>): Told {
  const object = objectOf(line.object);
  switch (line.kind) {
    case "add":
      return { kind: "add", object };
    case "update":
      return { kind: "update", old: objectOf(line.old), object };
    case "delete":
      return { kind: "delete", object, isInferred: line.isInferred === true };
    default:
      return line satisfies never;
  }
}

function objectOf({ uid, resourceVersion, namespace, name }: GoObject): KubeObject {
  return { metadata: { uid, resourceVersion, namespace, name } };
}
