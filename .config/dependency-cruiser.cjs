/** Which room may import which: design, not taste. Proven by planted violations in .config/fences.test.ts. */
const room = (from, allowed) => ({
  name: `${from.replaceAll("/", "-")}-imports-only-its-neighbours`,
  severity: "error",
  from: { path: `^${from}/` },
  to: { path: "^(app|components|lib|server|e2e)/", pathNot: [`^${from}/`, ...allowed.map((path) => `^${path}`)] },
});

/** Across rooms one imports the door, never what lies behind it. */
const door = (path) => ({
  name: `${path.replaceAll("/", "-")}-is-entered-by-its-door`,
  severity: "error",
  from: { pathNot: `^(${path}/|e2e/|${path.replace(/[^/]+$/, "")}[^/]+/testing/)` },
  to: { path: `^${path}/`, pathNot: `^${path}/(index\\.ts$|testing/)` },
});

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "nothing-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
    room("lib/clock", []),
    room("lib/collections", []),
    room("lib/kube", ["lib/collections"]),
    room("lib/informer", ["lib/kube", "lib/collections", "lib/clock"]),
    room("lib/queue", ["lib/kube", "lib/collections", "lib/clock"]),
    room("lib/lab", ["lib/queue", "lib/kube", "lib/clock"]),
    room("lib/scheduler", ["lib/queue", "lib/informer", "lib/kube", "lib/collections", "lib/clock"]),
    room("lib/protocol", ["lib/kube"]),
    room("server", ["lib/"]),
    room("components/lab", ["components/", "lib/protocol", "lib/lab", "lib/queue", "lib/kube", "lib/clock"]),
    {
      name: "components-know-the-wire-only",
      severity: "error",
      from: { path: "^components/", pathNot: "^components/lab/" },
      to: { path: "^(app|lib|server|e2e)/", pathNot: "^lib/protocol/" },
    },
    room("app", ["components/", "lib/protocol"]),
    ...["clock", "collections", "kube", "informer", "queue", "lab", "scheduler", "protocol"].map((name) =>
      door(`lib/${name}`),
    ),
    {
      name: "lib-needs-no-package",
      severity: "error",
      from: { path: "^lib/", pathNot: "\\.test\\.ts$|^lib/protocol/|/testing/" },
      to: { dependencyTypes: ["core", "npm", "npm-dev", "npm-optional", "npm-peer"] },
    },
    {
      name: "protocol-needs-zod-only",
      severity: "error",
      from: { path: "^lib/protocol/", pathNot: "\\.test\\.ts$" },
      to: { dependencyTypes: ["core", "npm", "npm-dev"], pathNot: "^node_modules/zod/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(\\.next|out)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
    },
  },
};
