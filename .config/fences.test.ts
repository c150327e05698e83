/** Each fence, met by a violation planted in a copy of the project, must turn red. A fence that cannot is no fence. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const copied = [
  "app",
  "components",
  "lib",
  "server",
  "e2e",
  ".config",
  "package.json",
  "tsconfig.json",
  "next.config.js",
];
let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "kube-inflight-fences-"));
  for (const path of copied) {
    cpSync(path, join(copy, path), { recursive: true, filter: (source) => !source.includes("testdata") });
  }
  symlinkSync(join(process.cwd(), "node_modules"), join(copy, "node_modules"));
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** As the script runs it, but on the planted file alone. */
const lint = ["oxlint", "-c", ".config/oxlint.json", "--type-aware", "--deny-warnings"];

interface Planted {
  readonly fence: string;
  readonly script: string;
  readonly args?: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly says: string;
}

/** Exit code and output of a script of package.json, run in the copy. */
function check(script: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  const command = script === "lint" ? [...lint, ...args] : ["npm", "run", "--silent", script, "--", ...args];
  const [program = "", ...rest] = command;
  return new Promise((resolve) => {
    execFile(program, rest, { cwd: copy, maxBuffer: 1 << 26, timeout: 120_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : 1, output: stdout + stderr });
    });
  });
}

async function withPlanted({ files, script, args }: Planted) {
  const paths = Object.keys(files).map((path) => join(copy, path));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(copy, path), text);
  try {
    return await check(script, args ?? (script === "lint" ? Object.keys(files) : []));
  } finally {
    for (const path of paths) rmSync(path);
  }
}

const planted: readonly Planted[] = [
  { fence: "format", script: "format", files: { "lib/kube/planted.ts": "export  const a=1\n" }, says: "planted.ts" },
  {
    fence: "a promise nobody waits for",
    script: "lint",
    files: { "server/planted.ts": "export function a(): void {\n  Promise.resolve(1);\n}\n" },
    says: "no-floating-promises",
  },
  {
    fence: "ambient time in lib",
    script: "lint",
    files: { "lib/kube/planted.ts": "export const a = (): number => Date.now();\n" },
    says: "no-restricted-properties",
  },
  {
    fence: "a type error",
    script: "types",
    files: { "server/planted.ts": 'export const a: number = "1";\n' },
    says: "planted.ts",
  },
  {
    fence: "purity of lib, by the compiler",
    script: "types",
    files: { "lib/kube/planted.ts": "export const a = setTimeout(() => {}, 1);\n" },
    says: "setTimeout",
  },
  {
    fence: "imports against the direction",
    script: "fence",
    files: {
      "lib/kube/planted.ts": 'import { Reflector } from "#lib/informer/index.ts";\nexport const a = Reflector;\n',
    },
    says: "lib-kube-imports-only-its-neighbours",
  },
  {
    fence: "imports past the door",
    script: "fence",
    files: {
      "lib/informer/planted.ts":
        'import { LinkedList } from "#lib/collections/linked-list.ts";\nexport const a = LinkedList;\n',
    },
    says: "lib-collections-is-entered-by-its-door",
  },
  {
    fence: "a component that knows the server",
    script: "fence",
    files: { "components/ui/planted.ts": 'import * as config from "#server/config.ts";\nexport const a = config;\n' },
    says: "components-know-the-wire-only",
  },
  {
    fence: "cycles",
    script: "fence",
    files: {
      "lib/kube/planted.ts": 'import { b } from "./planted-too.ts";\nexport const a = (): number => b();\n',
      "lib/kube/planted-too.ts": 'import { a } from "./planted.ts";\nexport const b = (): number => a();\n',
    },
    says: "no-cycles",
  },
  {
    fence: "dead code",
    script: "deadcode",
    files: { "server/planted.ts": "export const a = 1;\n" },
    says: "planted.ts",
  },
  {
    fence: "a failing test",
    script: "unit",
    args: ["lib/kube/planted.test.ts"],
    files: {
      "lib/kube/planted.test.ts": 'import { expect, it } from "vitest";\nit("fails", () => expect(1).toBe(2));\n',
    },
    says: "planted.test.ts",
  },
];

/** A tool that looks at the whole project, on a machine that does something else, too. */
const wholeProjectMs = 300_000;

describe("fences", () => {
  it.each(planted)("$fence", { timeout: wholeProjectMs }, async (violation) => {
    const { code, output } = await withPlanted(violation);
    expect(output).toContain(violation.says);
    expect(code).not.toBe(0);
  });
});
