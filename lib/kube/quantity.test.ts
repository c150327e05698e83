import fc from "fast-check";
import { expect, test } from "vitest";
import { compareQuantities, InvalidQuantityError, milliUnits, parseQuantity, wholeUnits } from "./quantity.ts";

test.each([
  ["0", 0n],
  ["1", 1_000_000_000n],
  ["1000m", 1_000_000_000n],
  ["1e0", 1_000_000_000n],
  ["2E3", 2_000_000_000_000n],
  ["1E", 10n ** 27n],
  ["0.5", 500_000_000n],
  [".5", 500_000_000n],
  ["5.", 5_000_000_000n],
  ["1.5Ki", 1_536_000_000_000n],
  ["-1m", -1_000_000n],
  ["+7n", 7n],
  ["0.0000000001", 1n],
  ["1e-30", 1n],
  ["100Ei", (2n ** 63n - 1n) * 10n ** 9n],
  ["1e999999999", (2n ** 63n - 1n) * 10n ** 9n],
])("%s is %s billionths", (text, amount) => {
  expect(parseQuantity(text)).toBe(amount);
});

test.each(["", "m", "1x", "1 ", "1ki", "1Kii", "--1", "1e", "0x10", "1.2.3", "Infinity", "1e+"])(
  "%j is refused with a reason",
  (text) => {
    expect(() => parseQuantity(text)).toThrow(InvalidQuantityError);
  },
);

test("cpu in thousandths and everything else in units both round up", () => {
  expect(milliUnits(parseQuantity("1001u"))).toBe(2);
  expect(milliUnits(parseQuantity("100n"))).toBe(1);
  expect(wholeUnits(parseQuantity("1500m"))).toBe(2);
  expect(wholeUnits(parseQuantity("1Gi"))).toBe(2 ** 30);
});

test("writing an amount in another unit does not change it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), (units) => {
      expect(compareQuantities(`${units}`, `${units}000m`)).toBe(0);
      expect(compareQuantities(`${units}Ki`, `${units * 1024}`)).toBe(0);
      expect(compareQuantities(`${units}m`, `${units + 1}m`)).toBe(-1);
      expect(compareQuantities(`${units + 1}k`, `${units}k`)).toBe(1);
    }),
  );
});
