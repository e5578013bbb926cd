/** F3: a user that may have an owner never becomes a test user, because every caller logs in as one. */
import { expect, it } from "vitest";
import { claimUser } from "../../src/identity/claim-user.ts";
import { nameTestUser, unnameTestUser } from "../../src/ledger/test-users/name-test-user.ts";
import { createPostingServices } from "../../src/ledger/wallets/posting-services.ts";
import { runAdoption, useLegacy } from "../support/adoption.ts";
import { useTestApp } from "../support/app.ts";
import { useEngine } from "../support/ledger.ts";
import { caller, importPotion, logIn } from "../support/market.ts";
import { onTestFinished } from "../support/test-end.ts";

const BY = { operator: "ops", dryRun: false };
const FORBIDDEN = { code: "forbidden", details: { field: "userId" } };

it("F3: who came with the adoption is refused: a player of any platform, a wallet without a player", async () => {
  const { db } = await useLegacy("pg15");
  await db.query("insert into public.wallets (user_id) values ('external-1'), ('test-user-123')");
  await runAdoption(db);
  const engine = useEngine(db);
  onTestFinished(() => engine.drain());
  const services = createPostingServices(db, engine);
  const name = (userId: string, dailyBudget = 10n) =>
    nameTestUser(services, BY, { userId, dailyBudget });
  for (const userId of ["user-001", "external-1"])
    await expect(name(userId), userId).rejects.toMatchObject(FORBIDDEN);
  const marked = "select from newday.accounts where flags & 1024 <> 0";
  expect(await db.query(marked)).toEqual([]);
  // AllinONE's page pressed on the old server: a user without an owner.
  await name("test-user-123");
  await name("page-only");
  await name("page-only", 20n);
});

it("F3: who a login or a platform made known, or who has things, is refused; a read leaves none", async () => {
  const test = await useTestApp();
  const { db } = test.database;
  await importPotion(await logIn(test, "owner-of-items"));
  await logIn(test, "logged-in");
  const platform = { name: "allinone", hasBareIds: true };
  await claimUser(db, { userId: "registered", platform, displayName: undefined });
  await caller(test, "page").get("/api/shared/wallet/only-read");
  const services = { ...test.services, db };
  const name = (userId: string) => nameTestUser(services, BY, { userId, dailyBudget: 10n });
  for (const userId of ["owner-of-items", "logged-in", "registered"])
    await expect(name(userId), userId).rejects.toMatchObject(FORBIDDEN);
  await name("only-read");
  await unnameTestUser(db, BY, "only-read");
  await name("only-read");
});
