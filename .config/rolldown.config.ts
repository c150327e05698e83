/** What `npm pack` takes along besides the built UI: the server with its two workers, and the library with its types. */
import { defineConfig } from "rolldown";
import { dts } from "rolldown-plugin-dts";

/** Packages are dependencies, installed beside us: only what is ours is bundled. */
const external = /^[^.#/]/;

export default defineConfig([
  {
    input: {
      "kube-inflight": "server/bin.ts",
      "cluster-worker": "server/cluster/worker.ts",
      "embedded-worker": "server/embedded/worker.ts",
      informer: "server/library/informer.ts",
    },
    platform: "node",
    external,
    // One folder for all: the workers are found beside whichever file starts them, package.json and out/ one above.
    output: { dir: "dist", entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js", sourcemap: true },
  },
  {
    input: "server/library/informer.ts",
    platform: "node",
    external,
    plugins: [dts({ emitDtsOnly: true, tsconfig: "tsconfig.json" })],
    output: { dir: "dist" },
  },
]);
