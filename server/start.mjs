#!/usr/bin/env node
// What `npm start` and the other scripts run: plain JavaScript for any Node from 18 on, whatever is first on PATH.
// It brings the checkout up to date (dependencies, then the built UI) and hands over to the Node that this project pins.
//
//   node server/start.mjs [arguments of the server]
//   node server/start.mjs --build                        only brings dependencies and UI up to date
//   node server/start.mjs --run FILE.ts [arguments]      another entry point, same Node, UI not built
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const pinnedNode = join(root, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");
const installStamp = join(root, "node_modules/.kube-inflight-installed");
const buildStamp = join(root, "out/.kube-inflight-built");
/** What the built UI is made from. */
const uiSources = ["app", "components", "lib", "public", "next.config.js", "package-lock.json", "tsconfig.json"];

let child;
let stoppedBy;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    stoppedBy ??= signal;
    child?.kill(signal);
  });
}

try {
  const args = process.argv.slice(2);
  await install();
  if (args[0] === "--build") {
    await build();
  } else if (args[0] === "--run") {
    if (args[1] === undefined) throw new Error("--run needs the file to run, relative to the project's root");
    await handOver([join(root, args[1]), ...args.slice(2)]);
  } else {
    await build();
    await handOver([join(root, "server/main.ts"), ...args]);
  }
} catch (error) {
  console.error(`kube-inflight: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function install() {
  const lock = hash(["package.json", "package-lock.json"]);
  if (isStampedWith(installStamp, lock) && existsSync(pinnedNode)) return;
  say("installing dependencies (once, and again when they change)");
  const npm = process.env.npm_execpath;
  const command = npm === undefined ? ["npm"] : /\.c?js$/.test(npm) ? [process.execPath, npm] : [npm];
  await run(
    [...command, "ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"],
    "installing the dependencies failed",
  );
  const wanted = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).devDependencies.node;
  const found = existsSync(pinnedNode) ? await output(pinnedNode, ["--version"]) : "nothing";
  if (found !== `v${wanted}`) {
    throw new Error(
      `expected Node v${wanted} in node_modules/node, found ${found}: its install script did not run. ` +
        "Allow it (package.json: allowScripts) and run `npm ci` again",
    );
  }
  writeFileSync(installStamp, lock);
}

async function build() {
  const sources = hash(uiSources);
  if (isStampedWith(buildStamp, sources)) return;
  say("building the user interface (once, and again when its sources change)");
  await run(
    [pinnedNode, join(root, "node_modules/next/dist/bin/next"), "build"],
    "building the user interface failed",
    {
      NEXT_TELEMETRY_DISABLED: "1",
      NODE_ENV: "production",
    },
  );
  writeFileSync(buildStamp, sources);
}

/** Becomes the given program as far as that is possible: same terminal, same signals, same exit code. */
async function handOver(args) {
  // The channel tells the child when we are gone, however we went.
  process.exitCode = await start(pinnedNode, args, { stdio: ["inherit", "inherit", "inherit", "ipc"] });
}

async function run(command, failure, environment = {}) {
  const [program, ...args] = command;
  const code = await start(program, args, { cwd: root, stdio: ["ignore", 2, 2], environment });
  if (code !== 0) throw new Error(`${failure} (${command.join(" ")} ended with ${code})`);
}

function start(program, args, { cwd = process.cwd(), stdio, environment = {} }) {
  if (stoppedBy !== undefined) throw new Error(`stopped by ${stoppedBy}`);
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...environment, PATH: withOurBinaries(process.env.PATH ?? "") };
    child = spawn(program, args, { cwd, stdio, env });
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      child = undefined;
      resolve(code ?? (signal === stoppedBy ? 0 : 1));
    });
  });
}

function withOurBinaries(path) {
  return [join(root, "node_modules/node/bin"), join(root, "node_modules/.bin"), path].join(delimiter);
}

function output(program, args) {
  return new Promise((resolve) => {
    const answering = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
    let text = "";
    answering.stdout.on("data", (chunk) => (text += chunk));
    answering.once("error", () => resolve("nothing that runs"));
    answering.once("close", () => resolve(text.trim()));
  });
}

function isStampedWith(file, stamp) {
  return existsSync(file) && readFileSync(file, "utf8") === stamp;
}

/** Of names and contents, so that neither a checkout's times nor a renamed file can hide a change. */
function hash(paths) {
  const sum = createHash("sha256");
  for (const path of paths)
    for (const file of filesUnder(path)) sum.update(`${file}\0`).update(readFileSync(join(root, file)));
  return sum.digest("hex");
}

function filesUnder(path) {
  if (!existsSync(join(root, path))) return [];
  try {
    const entries = readdirSync(join(root, path), { withFileTypes: true });
    const sorted = entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    return sorted.flatMap((entry) => (entry.name === "testdata" ? [] : filesUnder(`${path}/${entry.name}`)));
  } catch (error) {
    if (error.code === "ENOTDIR") return [path];
    throw error;
  }
}

function say(text) {
  console.error(`kube-inflight: ${text}`);
}
