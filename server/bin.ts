#!/usr/bin/env node
/** The installed program. What it runs needs a recent Node, so that is asked before any of it is loaded. */
import process from "node:process";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > 22 || (major === 22 && minor >= 19)) {
  await import("./main.ts");
} else {
  const found = process.versions.node;
  process.stderr.write(`kube-inflight: expected Node 22.19 or newer, this is ${found}: install a newer one\n`);
  process.exitCode = 1;
}
