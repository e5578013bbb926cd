/** `newday user find | show | timeline | export`, and those of transfers and things: what the operators' API answers. */
import { beforeAll, expect, it } from "vitest";
import { useV1 } from "../http/v1/support.ts";
import { buildOnce, newday } from "../support/server-process.ts";

beforeAll(buildOnce);

it("finds, shows and tells the history of a user, and logs who exported", async () => {
  const v1 = await useV1();
  await v1.login("alice");
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = newday(args, { DATABASE_URL: v1.database.url });
    expect([args, status, stderr.includes("Error")]).toEqual([args, 0, false]);
    return stdout;
  };
  expect(JSON.parse(run("user", "find", "LIC", "--json"))).toMatchObject([{ userId: "alice" }]);
  expect(JSON.parse(run("user", "show", "alice", "--json"))).toMatchObject({
    user: { userId: "alice", platform: "allinone" },
    freezes: { operator: null },
  });
  expect(run("user", "show", "alice")).toContain("game_coins  available 1000, held 0, locked 0");
  const events = JSON.parse(run("user", "timeline", "alice", "--json")) as { event: string }[];
  expect(events.map(({ event }) => event)).toEqual(["login", "open_wallet"]);
  expect(run("user", "timeline", "alice", "--kind", "money")).toMatch(/money {2}open_wallet/);
  expect(JSON.parse(run("user", "export", "alice"))).toMatchObject({ userId: "alice" });
  const [transfer] = JSON.parse(run("transfer", "find", "--user", "alice", "--json")) as [
    { id: string },
  ];
  expect(run("transfer", "show", transfer.id)).toMatch(/-> alice {2}1000 game_coins/);
  expect(JSON.parse(run("market", "item", "find", "sword", "--json"))).toEqual([]);
  const [act] = await v1.database.db.query<{ what: string }>(
    "select what from newday.operator_changes where subject = 'alice'",
  );
  expect(act?.what).toBe("user export");
  const unknown = newday(["user", "show", "zed"], { DATABASE_URL: v1.database.url });
  expect(unknown.status).toBe(2);
  // An id that looks like another is no user's, and no command makes a user of it.
  const lookAlike = (...words: string[]) => {
    const args = [...words, "--json"];
    const { status, stderr } = newday(args, { DATABASE_URL: v1.database.url });
    expect([words, status === 0]).toEqual([words, false]);
    return stderr;
  };
  expect(lookAlike("user", "freeze", "\u0430lice", "--reason", "a test")).toContain("userId");
  expect(lookAlike("test-user", "add", "\u0430lice", "--daily-budget", "100")).toContain(
    "may hold ASCII letters",
  );
});
