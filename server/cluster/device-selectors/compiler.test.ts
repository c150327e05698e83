import { expect, it } from "vitest";
import type { SelectableDevice } from "#lib/scheduler/index.ts";
import { deviceSelectorCompiler } from "./index.ts";

const device: SelectableDevice = {
  driver: "gpu.example.com",
  allowMultipleAllocations: false,
  attributes: {
    type: { string: "gpu" },
    cores: { int: 8 },
    "other.example.com/fast": { bool: true },
    driverVersion: { version: "1.12.0-rc.1" },
  },
  capacity: { memory: "40Gi" },
};

const compile = deviceSelectorCompiler();
const ask = (expression: string) => compile(expression)(device);
const yes = { kind: "answer", isMatch: true };
const no = { kind: "answer", isMatch: false };

it.each([
  ['device.driver == "gpu.example.com"', yes],
  ['device.attributes["gpu.example.com"].type == "gpu"', yes],
  ['device.attributes["gpu.example.com"].cores >= 8', yes],
  ['device.attributes["gpu.example.com"].type == 8', no],
  ['device.attributes["other.example.com"].fast', yes],
  ['device.attributes["gpu.example.com"].driverVersion.isLessThan(semver("1.12.0"))', yes],
  ['device.attributes["gpu.example.com"].driverVersion == semver("1.12.0-rc.1")', yes],
  ['device.capacity["gpu.example.com"].memory.compareTo(quantity("40960Mi")) == 0', yes],
  ['device.capacity["gpu.example.com"].memory == quantity("40960Mi")', yes],
  ['device.capacity["gpu.example.com"].memory.isGreaterThan(quantity("80Gi"))', no],
  ['cel.bind(gpu, device.attributes["gpu.example.com"], gpu.cores == 8 && gpu.type == "gpu")', yes],
  ['device.attributes["gpu.example.com"].type.lowerAscii().matches("^g.u$")', yes],
  ['device.attributes["gpu.example.com"].type in ["tpu", "gpu"]', yes],
  ['has(device.attributes["gpu.example.com"].type)', yes],
  ['has(device.attributes["nobody.example.com"].type)', no],
  ['has(device.attributes["gpu.example.com"].model) && device.attributes["gpu.example.com"].model == "a"', no],
  ['device.attributes["gpu.example.com"].?model.orValue("none") == "none"', yes],
  ['"gpu.example.com" in device.attributes', yes],
  ['"nobody.example.com" in device.attributes && device.attributes["nobody.example.com"].x', no],
  ["device.allowMultipleAllocations", no],
  ['device.attributes["gpu.example.com"].type == "has(x)" || true', yes],
])("%s", (expression, answer) => {
  expect(ask(expression)).toEqual(answer);
});

it.each([
  ['device.attributes["gpu.example.com"].model == "a"', "no such key: model"],
  ['device.attributes["nobody.example.com"].model == "a"', "no such key: model"],
  ['cel.bind(gpu, device.attributes["gpu.example.com"], gpu.model == "a")', "no such key: model"],
  ['cel.bind(gpu, device.attributes["gpu.example.com"], gpu.one == 1 && gpu.two == 2)', "no such key: one"],
  ['(device.attributes["x"].one == 1 || true) && device.attributes["x"].two == 2', "no such key: two"],
  ['"gpu.example.com" in device.attributes && device.attributes["gpu.example.com"].one == 1', "no such key: one"],
])("%s ends the attempt with the words of kube-scheduler", (expression, message) => {
  expect(ask(expression)).toEqual({ kind: "error", message });
});

it.each([
  'device.attributes["gpu.example.com"].type > 5',
  'device.attributes["gpu.example.com"].type',
  'device.attributes["gpu.example.com"].type.matches("(?i)GPU")',
  'device.attributes["gpu.example.com"].type.matches("[[:alpha:]]+")',
  'device.attributes["gpu.example.com"].type.format(["a"]) == "a"',
  '["model"].exists(key, device.attributes["gpu.example.com"][key] == "a")',
  "device.attributes",
  "device.",
])("%s is not guessed at", (expression) => {
  expect(ask(expression)).toMatchObject({ kind: "unknown", reason: expect.stringMatching(/./) });
});
