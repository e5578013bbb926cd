/** A server in production whose platforms allinone, moon and steam sign assertions, and callers of its links. */
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { scopesFor } from "../../src/identity/scopes.ts";
import { openWallets } from "../../src/ledger/wallets/open-wallets.ts";
import { useAdoptedDatabase, useTestApp, type TestApp } from "./app.ts";
import { secretOf, signAssertion } from "./assertions.ts";
import { addTestPlatform, TEST_KEY } from "./platforms.ts";
import { callerOf, type Reply } from "../http/v1/support.ts";

export const LINKS_ENV = {
  ...TEST_KEY,
  NEWDAY_MODE: "production",
  NEWDAY_PLATFORM_SECRETS: `allinone=${secretOf("allinone")}`,
};

export interface TestLinks extends TestApp {
  readonly call: ReturnType<typeof callerOf>;
  /** A key with every scope of a platform. */
  readonly keyOf: (platform: string) => Promise<string>;
  /** The reply of a login with a new assertion. */
  readonly logIn: (platform: string, sub: string) => Promise<Reply>;
  /** The token of such a login. */
  readonly tokenOf: (platform: string, sub: string) => Promise<string>;
  /** Links `platform:sub` with a new assertion to the wallet of the session. */
  readonly link: (as: string, platform: string, sub: string) => Promise<Reply>;
  /** Ledger balances of these public ids, in game coins. */
  readonly coinsOf: (...userIds: readonly string[]) => Promise<bigint[]>;
}

export async function useLinks(): Promise<TestLinks> {
  const database = await useAdoptedDatabase();
  for (const platform of ["moon", "steam"]) await addTestPlatform(database.db, platform);
  return linksOn(await useTestApp({ database, env: LINKS_ENV }));
}

/** The same on a server that runs. */
export function linksOn(test: TestApp): TestLinks {
  const call = callerOf(test, "");
  const logIn = async (platform: string, sub: string) =>
    call("POST", "/sessions", {
      as: null,
      body: { assertion: await signAssertion(platform, sub) },
    });
  return {
    ...test,
    call,
    logIn,
    async keyOf(platform) {
      const scopes = scopesFor("platform");
      return (await createPlatformKey(test.database.db, { platform, scopes })).key;
    },
    async tokenOf(platform, sub) {
      return (await logIn(platform, sub)).body.token;
    },
    async link(as, platform, sub) {
      const assertion = await signAssertion(platform, sub);
      return call("POST", "/links", { as, body: { assertion } });
    },
    async coinsOf(...userIds) {
      const rows = await test.database.db.query<{ userId: string; balance: bigint }>(
        `select w.user_id as "userId", a.balance from newday.ledger_wallets w
          join newday.accounts a on a.id = w.number << 16 | 1 where w.user_id = any($1::text[])`,
        [userIds],
      );
      const balances = new Map(rows.map(({ userId, balance }) => [userId, balance]));
      return userIds.map((userId) => balances.get(userId) ?? 0n);
    },
  };
}

/** Opens wallets with 1,000 coins each. */
export async function fund({ services }: TestApp, ...userIds: readonly string[]): Promise<void> {
  await openWallets(services, userIds);
}
