import { describe, expect, it } from "vitest";
import { accountId } from "../../src/ledger/accounts.ts";
import { createPostingEngine } from "../../src/ledger/engine/engine.ts";
import { createRegistry } from "../../src/ledger/engine/registry.ts";
import { ledgerPart } from "../../src/ledger/ledger-part.ts";
import { useTestDatabase } from "../support/database.ts";

describe.each(["pg15", "pg18"] as const)("posting on %s", (server) => {
  it("moves money once", async () => {
    const { db } = await useTestDatabase({ server });
    await db.query(
      "insert into newday.wallets (number, id, user_id) select n, 'w' || n, 'u' || n from generate_series(2000, 2009) n",
    );
    await db.query(
      "insert into newday.accounts (id, balance) select (n << 16) + 1, 100 from generate_series(2000::bigint, 2001) n",
    );
    const engine = createPostingEngine(db, createRegistry(ledgerPart), { applicationName: "t" });
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        engine.submit({
          caller: "test",
          kind: "transfer",
          payload: { from: accountId(2000n, 1), to: accountId(2002n, 1), amount: 10n },
          idempotency: { key: `k${index}`, fingerprint: "00000000-0000-0000-0000-000000000000" },
        }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === "posted").length).toBe(10);
    const again = await engine.submit({
      caller: "test",
      kind: "transfer",
      payload: { from: accountId(2000n, 1), to: accountId(2002n, 1), amount: 10n },
      idempotency: { key: `k0`, fingerprint: "00000000-0000-0000-0000-000000000000" },
    });
    expect(again).toEqual({ ...outcomes[0], replayed: true });
    await engine.drain();
  });
});
