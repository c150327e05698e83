import fc from "fast-check";
import { expect, it } from "vitest";
import { parseYaml } from "./kubeconfig/yaml.ts";
import { yamlText } from "./yaml-text.ts";

it("reads as kubectl writes it", () => {
  const pod = {
    kind: "Pod",
    metadata: { name: "web-0", labels: { app: "web", "tier/x": "yes" }, annotations: {}, generation: 2 },
    spec: { containers: [{ name: "c", env: "(redacted)", ports: [{ containerPort: 80 }, { containerPort: 443 }] }] },
    status: { startTime: "2026-01-01T00:00:00Z", message: "two\nlines", gone: undefined, nothing: null, none: [] },
  };
  expect(yamlText(pod)).toBe(`kind: Pod
metadata:
  name: web-0
  labels:
    app: web
    tier/x: "yes"
  annotations: {}
  generation: 2
spec:
  containers:
  - name: c
    env: "(redacted)"
    ports:
    - containerPort: 80
    - containerPort: 443
status:
  startTime: "2026-01-01T00:00:00Z"
  message: "two\\nlines"
  nothing: null
  none: []
`);
});

it("reads back as what it was, whatever it was", () => {
  const anyText = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "true",
      "No",
      "1",
      "0x1f",
      "1e3",
      "-",
      "- a",
      "a: b",
      "# a",
      "~",
      "null",
      " a",
      "2026-01-01",
      "=",
      "<<",
      "1:20",
    ),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      anyText,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      tie("list"),
      tie("map"),
    ),
    list: fc.array(tie("value"), { maxLength: 4 }),
    map: fc.dictionary(anyText, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  }));
  fc.assert(
    // Wrapped, because an empty document is read as nothing. `__proto__` is no key for the comparison.
    fc.property(value, (wrapped) => {
      fc.pre(!JSON.stringify(wrapped).includes('"__proto__"'));
      expect(parseYaml(yamlText({ wrapped }))).toEqual({ wrapped });
    }),
  );
});
