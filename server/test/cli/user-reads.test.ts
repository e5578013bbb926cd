/** `newday user find | show | timeline | export`: what the operators' API answers. */
import { beforeAll, expect, it } from "vitest";
import { useV1 } from "../http/v1/support.ts";
import { buildOnce, newday } from "../support/server-process.ts";

beforeAll(buildOnce);

it("finds, shows and tells the history of a user, and logs who exported", async () => {
  const v1 = await useV1();
  await v1.login("alice");
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = newday(["user", ...args], { DATABASE_URL: v1.database.url });
    expect([args, status, stderr.includes("Error")]).toEqual([args, 0, false]);
    return stdout;
  };
  expect(JSON.parse(run("find", "LIC", "--json"))).toMatchObject([{ userId: "alice" }]);
  expect(JSON.parse(run("show", "alice", "--json"))).toMatchObject({
    user: { userId: "alice", platform: "allinone" },
    freezes: { operator: null },
  });
  expect(run("show", "alice")).toContain("game_coins  available 1000, held 0, locked 0");
  const events = JSON.parse(run("timeline", "alice", "--json")) as { event: string }[];
  expect(events.map(({ event }) => event)).toEqual(["login", "open_wallet"]);
  expect(run("timeline", "alice", "--kind", "money")).toMatch(/money {2}open_wallet/);
  expect(JSON.parse(run("export", "alice"))).toMatchObject({ userId: "alice" });
  const [act] = await v1.database.db.query<{ what: string }>(
    "select what from newday.operator_changes where subject = 'alice'",
  );
  expect(act?.what).toBe("user export");
  const unknown = newday(["user", "show", "zed"], { DATABASE_URL: v1.database.url });
  expect(unknown.status).toBe(2);
});
