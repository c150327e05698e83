import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { atMost } from "../figure.ts";
import type { Found } from "../section.ts";

const built = fileURLToPath(new URL("../../../out", import.meta.url));
const goalKilobytes = 260;

/** What a browser downloads of JavaScript before a page can be used: the scripts that its HTML names. */
export async function benchPages(): Promise<Found> {
  if (!existsSync(join(built, "index.html"))) {
    return { figures: [], missing: ["pages: the user interface is not built (npm run build)"] };
  }
  const routes = globSync("**/*.html", { cwd: built }).filter((file) => !file.includes("_not-found"));
  const figures = routes.sort().map((file) => {
    const kilobytes = scriptsOf(readFileSync(join(built, file), "utf8")).map(compressedKilobytes);
    return atMost({
      what: `JavaScript (brotli) of /${file.replace(/(index)?\.html$/, "")}`,
      unit: "KB",
      ours: [kilobytes.reduce((sum, each) => sum + each, 0)],
      goal: goalKilobytes,
    });
  });
  return { figures, missing: [] };
}

/** Those that a browser of today runs: `nomodule` is for those that know no modules. */
function scriptsOf(html: string): readonly string[] {
  const tags = [...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => !/\bnomodule\b/i.test(tag));
  const sources = tags.map((tag) => /\bsrc="([^"]+)"/.exec(tag)?.[1]).filter((source) => source !== undefined);
  return [...new Set(sources)];
}

function compressedKilobytes(source: string): number {
  const [path = ""] = source.split("?", 1);
  return brotliCompressSync(readFileSync(join(built, path))).length / 1000;
}
