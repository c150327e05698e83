/** Program: prints the packages that a cluster's worker loads at its start, one a line. */
import { registerHooks } from "node:module";
import process from "node:process";

const packages = new Set<string>();
registerHooks({
  load: (url, context, nextLoad) => {
    const name = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
    if (name !== undefined) packages.add(name);
    return nextLoad(url, context);
  },
});
await import("../session.ts");
process.stdout.write([...packages].join("\n"));
