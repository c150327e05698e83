/**
 * `npm run test:cluster`: the suite against a real control plane, the one of `KUBECONFIG`, else its own, which are started
 * as they are needed (e2e/control-plane; needs Go, and some minutes for the first build). Ends with `N passed, N failed`.
 */
import process from "node:process";
import { ensureChromium } from "./chromium.ts";
import { ControlPlane } from "./control-plane.ts";
import { Tally } from "./tally.ts";

const tally = new Tally();
await tally.check("user interface builds", ["node", "server/start.mjs", "--build"]);
const chromium = await ensureChromium();
if ((process.env["KUBECONFIG"] ?? "") === "") {
  console.log("building a real control plane (minutes the first time, then it is kept)");
  await ControlPlane.build();
}
await tally.playwright("real control plane", "e2e/cluster.config.ts", chromium);
tally.finish();
