/**
 * `npm run test:cluster`: the suite against a real control plane, the one of `KUBECONFIG`, else one that is started here
 * (e2e/control-plane; needs Go, and some minutes for the first build). Ends with `N passed, N failed`.
 */
import { ensureChromium } from "./chromium.ts";
import { ControlPlane } from "./control-plane.ts";
import { Tally } from "./tally.ts";

const tally = new Tally();
await tally.check("user interface builds", ["node", "server/start.mjs", "--build"]);
const chromium = await ensureChromium();
const controlPlane = await ControlPlane.startUnlessGiven(process.env);
try {
  await tally.playwright("real control plane", "e2e/cluster.config.ts", { ...chromium, ...controlPlane.environment });
} finally {
  await controlPlane.stop();
}
tally.finish();
