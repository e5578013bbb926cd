import { expect, it } from "vitest";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { useAdoptedDatabase, useTestApp } from "../support/app.ts";

it.each(["serializable", "repeatable read"])(
  "A16: first logins and wallets at once succeed where the default isolation is %s",
  async (isolation) => {
    const database = await useAdoptedDatabase();
    await database.db.query(
      `do $$ begin execute format('alter database %I set default_transaction_isolation = ''${isolation}''', current_database()); end $$`,
    );
    const { app } = await useTestApp({ database });
    const { key } = await createPlatformKey(database.db, {
      platform: "allinone",
      scopes: ["wallets:write"],
    });
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, n) => [
        app.inject({
          method: "POST",
          url: "/api/allinone/auth/login",
          payload: { userId: `user-${n}` },
        }),
        app.inject({
          method: "POST",
          url: "/api/allinone/auth/login",
          payload: { userId: "user-one" },
        }),
        app.inject(`/api/shared/wallet/guest-${n}`),
        app.inject({
          method: "PUT",
          url: `/api/v1/wallets/put-${n % 5}`,
          headers: { authorization: `Bearer ${key}` },
        }),
      ]).flat(),
    );
    const statuses = new Map<number, number>();
    for (const { statusCode } of replies)
      statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
    expect([...statuses.keys()].filter((status) => status >= 300)).toEqual([]);
  },
);
