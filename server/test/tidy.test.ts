import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";

it("keeps names, pages, links, migration numbers and the lockfile in order", () => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/tidy.mjs"], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
});
