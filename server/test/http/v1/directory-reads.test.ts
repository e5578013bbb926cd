/** The statements that a request sends beside the engine's batch, with warm and with cold caches. */
import { describe, expect, it, vi } from "vitest";
import { useV1, type TestV1 } from "./support.ts";

const PAY = { from: "alice", to: "bob", currency: "game_coins", amount: "1" };

/** What every credential and the platforms cost until they are cached, and their notices. */
const OF_CREDENTIALS = /platform-keys|sessions|list-platforms|list-platform-secrets|pg_notify/;

/** Names of the statements that `work` sends outside of the engine's connections. */
async function readsOf({ services }: TestV1, work: () => Promise<unknown>): Promise<string[]> {
  const query = vi.spyOn(services.db, "query");
  await work();
  const sent = query.mock.calls.map(([statement]) =>
    typeof statement === "string" ? statement : (statement.name ?? statement.text),
  );
  query.mockRestore();
  return sent.filter((statement) => !OF_CREDENTIALS.test(statement));
}

async function claimUsers({ call }: TestV1): Promise<void> {
  for (const userId of ["alice", "bob"]) await call("PUT", `/wallets/${userId}`, { body: {} });
}

describe("a transfer", () => {
  it("reads nothing beside its batch between users whose platform is recorded", async () => {
    const test = await useV1();
    await claimUsers(test);
    await test.call("POST", "/transfers", { body: PAY });
    expect(await readsOf(test, () => test.call("POST", "/transfers", { body: PAY }))).toEqual([]);
  });

  it("asks once for both wallets, and once for the reply, while a platform may still change", async () => {
    const test = await useV1();
    await test.call("POST", "/transfers", { body: PAY });
    expect(await readsOf(test, () => test.call("POST", "/transfers", { body: PAY }))).toEqual([
      "owned-wallets-by-user-id",
      "owned-wallets-by-number",
    ]);
  });
});

describe("a cached wallet", () => {
  it("shows the platform that its user is recorded with afterwards", async () => {
    const test = await useV1();
    await test.call("POST", "/transfers", { body: PAY });
    await test.database.db.query(
      `insert into newday.users (user_id, platform, external_id, display_name)
        values ('bob', 'direct', 'bob', 'Bob')`,
    );
    const reply = await test.call("POST", "/transfers", { body: PAY });
    expect([reply.status, reply.body.field]).toEqual([404, "to"]);
  });
});
