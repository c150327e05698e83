import { describe, expect, it } from "vitest";
import { Picture } from "./picture.ts";

function aPicture() {
  const screen: Record<string, number> = {};
  const picture = new Picture<number>({ show: (key, value) => void (screen[key] = value), now: () => 1_000 });
  return { picture, screen };
}

describe("a picture", () => {
  it("shows what it is given while it moves", () => {
    const { picture, screen } = aPicture();
    picture.put("queue", 1, 1);
    picture.put("queue", 2, 1);
    expect(screen).toEqual({ queue: 2 });
    expect(picture.state).toEqual({ isPaused: false });
  });

  it("stands still while paused, counts how far it is behind, and jumps to now", () => {
    const { picture, screen } = aPicture();
    picture.put("queue", 1, 1);
    picture.pause();
    picture.put("queue", 2, 3);
    picture.put("queue", 3, 4);
    expect(screen).toEqual({ queue: 1 });
    expect(picture.state).toEqual({ isPaused: true, since: 1_000, behind: 7 });

    picture.resume();
    expect(screen).toEqual({ queue: 3 });
    expect(picture.state).toEqual({ isPaused: false });
  });

  it("shows what was not on it yet, even while paused", () => {
    const { picture, screen } = aPicture();
    picture.pause();
    picture.put("informers", 9, 1);
    expect(screen).toEqual({ informers: 9 });
    picture.drop("informers");
    picture.put("informers", 10, 1);
    expect(screen).toEqual({ informers: 10 });
  });

  it("tells its listeners, until they have left", () => {
    const { picture } = aPicture();
    let told = 0;
    const leave = picture.subscribe(() => told++);
    picture.pause();
    picture.pause();
    expect(told).toBe(1);
    leave();
    leave();
    picture.resume();
    expect(told).toBe(1);
  });
});
