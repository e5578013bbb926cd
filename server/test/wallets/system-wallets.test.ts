import { describe, expect, it } from "vitest";
import { ensureSystemWallet } from "../../src/ledger/wallets/directory.ts";
import { useTestDatabase } from "../support/database.ts";

/** Each round is one chance for two inserts to meet at a unique index. */
const ROUNDS = 30;
const AT_ONCE = 8;

describe.each(["pg15", "pg18"] as const)("a system wallet on %s", (server) => {
  it("is made once, however many requests need it first at the same time", async () => {
    const { db } = await useTestDatabase({ server });
    for (let round = 1; round <= ROUNDS; round += 1) {
      const asked = Array.from({ length: AT_ONCE }, () =>
        ensureSystemWallet(db, `p${round}`, "fees"),
      );
      expect(new Set(await Promise.all(asked)).size).toBe(1);
    }
  });
});
