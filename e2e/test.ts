/** `npm test`: everything that needs no cluster of anybody's. Ends with `N passed, N failed`. */
import { ensureChromium } from "./chromium.ts";
import { Tally } from "./tally.ts";

const tally = new Tally();
await tally.check("format", ["npm", "run", "--silent", "format"]);
await tally.check("lint", ["npm", "run", "--silent", "lint"]);
await tally.check("types", ["npm", "run", "--silent", "types"]);
await tally.check("import fence", ["npm", "run", "--silent", "fence"]);
await tally.check("dead code", ["npm", "run", "--silent", "deadcode"]);
await tally.vitest("unit, property and conformance", ["--config", ".config/vitest.config.ts"]);
await tally.check("user interface builds", ["node", "server/start.mjs", "--build"]);
await tally.playwright("browser", "e2e/playwright.config.ts", await ensureChromium());
tally.finish();
