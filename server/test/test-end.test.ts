import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { onTestFinished } from "./support/test-end.ts";

const closed: string[] = [];

describe("tests that run side by side", { concurrent: true }, () => {
  it("close what they opened as soon as they have finished themselves", async () => {
    onTestFinished(() => closed.push("opened first"));
    await sleep(1);
    onTestFinished(() => closed.push("opened last"));
  });

  it("do not close what another one still uses", async () => {
    onTestFinished(() => closed.push("of the longer test"));
    while (closed.length < 2) await sleep(1);
    expect(closed).toEqual(["opened last", "opened first"]);
  });
});

it("nothing is closed by a test that comes later", () => {
  expect(closed).toEqual(["opened last", "opened first", "of the longer test"]);
});
