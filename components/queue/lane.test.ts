import { describe, expect, it } from "vitest";
import { arrivals, isSmallChange } from "./lane-motion.model.ts";
import { isSameWindow, windowFor } from "./lane-window.model.ts";
import { movedCursor } from "./lane-cursor.model.ts";
import {
  ageShare,
  attemptsText,
  attemptsWords,
  footerText,
  histogramFinding,
  isNearFlush,
  laneTime,
  shortPlugin,
} from "./lane.model.ts";
import { lane, laneRow } from "./testing/pictures.ts";

describe("a row", () => {
  const waited = (ms: number) => laneRow("a", { since: 1_000_000 - ms });
  const now = 1_000_000;

  it("draws its age over the lane's limit", () => {
    expect(ageShare("active", waited(4_000), now)).toBe(0.5);
    expect(ageShare("active", waited(60_000), now)).toBe(1);
    expect(ageShare("unschedulable", waited(150_000), now)).toBe(0.5);
  });

  it("fills its own backoff as it expires, and tells the time left", () => {
    const row = laneRow("a", { since: now - 3_000, backoffUntil: now + 1_000 });
    expect(ageShare("backoff", row, now)).toBe(0.75);
    expect(laneTime("backoff", row, now)).toBe("1.0 s");
    expect(ageShare("backoff", laneRow("a", { since: now, backoffUntil: now }), now)).toBe(1);
  });

  it("is warned of before the flush, in the pool only", () => {
    expect(isNearFlush("unschedulable", waited(290_000), now)).toBe(true);
    expect(isNearFlush("unschedulable", waited(200_000), now)).toBe(false);
    expect(isNearFlush("active", waited(290_000), now)).toBe(false);
  });

  it("never claims more attempts than are known", () => {
    expect(attemptsText(laneRow("a", { attempts: 2 }))).toBe("2×");
    expect(attemptsText(laneRow("a", { attempts: 2, isAttemptsAtLeast: true }))).toBe("≥2×");
    expect(attemptsWords(laneRow("a", { attempts: 2, isAttemptsAtLeast: true }))).toBe("at least 2 attempts");
    expect(attemptsWords(laneRow("a"))).toBe("1 attempt");
  });

  it.each([
    ["NodeResourcesFit", "ResourcesFit"],
    ["PodTopologySpread", "TopologySpread"],
    ["NodeVolumeLimits", "VolumeLimits"],
    ["NodeAffinity", "NodeAffinity"],
    ["NodePorts", "NodePorts"],
    ["TaintToleration", "TaintToleration"],
    ["InterPodAffinity", "InterPodAffinity"],
  ])("names %s %s", (plugin, short) => expect(shortPlugin(plugin)).toBe(short));
});

describe("a lane", () => {
  it("asks for what is on the screen and a chunk round it, on chunk borders", () => {
    expect(windowFor(0, 10)).toEqual({ offset: 0, limit: 60 });
    expect(windowFor(3, 13)).toEqual({ offset: 0, limit: 60 });
    expect(windowFor(105, 125)).toEqual({ offset: 80, limit: 80 });
    expect(windowFor(0, 900).limit).toBe(200);
    expect(isSameWindow(windowFor(100, 110), windowFor(104, 114))).toBe(true);
  });

  it("says which rows are in sight", () => {
    expect(footerText(0, 10, 1_204)).toBe("1 to 11 of 1,204");
    expect(footerText(0, 10, 4)).toBe("1 to 4 of 4");
    expect(footerText(0, 0, 0)).toBe("none");
  });

  it("states its histogram as a finding", () => {
    const histogram = [6, 1, ...Array.from({ length: 22 }, () => 0)];
    expect(histogramFinding("active", lane([], { histogram }))).toBe("half of them have waited less than 3.0 s");
    expect(histogramFinding("active", lane([]))).toBe("no pods");
  });

  it("moves its cursor by key, within its ends", () => {
    const move = (key: string, cursor: number) => movedCursor({ key, cursor, count: 100, page: 10 });
    expect([move("j", 0), move("ArrowUp", 0), move("PageDown", 95), move("End", 3), move("Home", 3)]).toEqual([
      1, 0, 99, 99, 0,
    ]);
    expect(move("x", 3)).toBeUndefined();
  });
});

describe("arrivals", () => {
  it("are pods that joined, not those that moved up into the window", () => {
    expect([...arrivals(lane(["a", "b"]), lane(["a", "n", "b"]))]).toEqual(["n"]);
    const full = lane(["a", "b", "c"], { count: 50 });
    expect(arrivals(full, lane(["b", "c", "d"], { count: 49 })).size).toBe(0);
  });

  it("let rows glide while they are few, else the lane is cut", () => {
    expect(isSmallChange(["a", "b", "c"], ["b", "c", "d"])).toBe(true);
    expect(isSmallChange(["a", "b", "c", "d", "e"], ["e"])).toBe(false);
    expect(isSmallChange(["a", "b"], ["b", "a"])).toBe(true);
  });

  it("are not flashed when there are many, nor when the window moved", () => {
    expect(arrivals(lane([]), lane(["a", "b", "c", "d"])).size).toBe(0);
    expect(arrivals(lane(["a"]), lane(["b"], { offset: 20 })).size).toBe(0);
  });
});
