/** S6: the partner's pages, pressed a hundred times, in a sandbox and in production. */
import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { freezeAccount } from "../../src/ledger/account-state/set-account-state.ts";
import { accountId } from "../../src/ledger/accounts/accounts.ts";
import { openWallets } from "../../src/ledger/wallets/open-wallets.ts";
import { nameTestUser, unnameTestUser } from "../../src/ledger/test-users/name-test-user.ts";
import { useTestApp, type TestApp } from "../support/app.ts";
import { expectSound } from "../support/ledger.ts";
import {
  BALANCE,
  CANCEL,
  caller,
  importPotion,
  INVENTORY,
  LIST,
  logIn,
  PURCHASE,
  TRANSFER,
  withinOneDay,
  type Caller,
} from "../support/market.ts";

const PRESSES = 100;
const SECRET = "s".repeat(32);
const PRODUCTION = { NEWDAY_MODE: "production", NEWDAY_PLATFORM_SECRETS: `allinone=${SECRET}` };
const BY = { operator: "ops", dryRun: false };
const LOGIN = "/api/allinone/auth/login";
const COINS = "/api/v1/wallets/test-user-123/accounts/game_coins";

/** What `test-newday-integration.html` does at a press; its eight results. */
async function pressT8(test: TestApp): Promise<boolean[]> {
  const anybody = caller(test, "page");
  const market = await anybody.get("/api/shared/marketplace");
  const wallet = await anybody.get("/api/shared/wallet/test-user-id");
  const user = await logIn(test, "test-user-123");
  const [balance, inventory, list] = await Promise.all([
    user.get(BALANCE),
    user.get(INVENTORY),
    user.get(LIST),
  ]);
  const bought = await buyFirst(user);
  const held = await user.get(INVENTORY);
  const sent = { itemId: held.body.items[0]?.id, targetPlatform: "allinone", quantity: 1 };
  const moved = await user.post(TRANSFER, sent);
  const replies = [market, wallet, balance, inventory, list, bought, moved];
  return [...replies.map(({ status }) => status === 200), held.body.items.length > 0];
}

async function buyFirst(user: Caller) {
  const [first] = (await user.get(LIST)).body.items;
  const wanted = { itemId: first.id, currencyType: "gameCoins", quantity: 1 };
  return user.post(PURCHASE, wanted);
}

/** Step 7 of the page `/newday-integration-test`. */
function listTestItem(user: Caller) {
  return user.post(LIST, {
    name: "集成测试道具",
    description: "这是 AllinONE 集成测试时创建的测试道具",
    itemType: "weapon",
    price: { gameCoins: 100 },
  });
}

async function proven({ app }: TestApp, userId: string): Promise<Caller> {
  const claims = { jti: crypto.randomUUID(), sub: userId, iss: "allinone", aud: "newday" };
  const assertion = await new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt()
    .setExpirationTime("2m")
    .sign(new TextEncoder().encode(SECRET));
  const payload = { userId, assertion };
  const reply = await app.inject({ method: "POST", url: LOGIN, payload });
  return caller({ app }, userId, reply.json().token);
}

const TESTERS = ["test-user-123", "test-user-id"];

/** With `coins` of their own, which they may send; otherwise with a claim on the starter grant. */
async function useNamed(dailyBudget: bigint, coins = 0n): Promise<TestApp> {
  const test = await useTestApp({ env: PRODUCTION });
  if (coins > 0n) await openWallets(test.services, TESTERS, coins);
  for (const userId of TESTERS) await nameTestUser(operatorOf(test), BY, { userId, dailyBudget });
  return test;
}

/** With the rights of a command: a serving process cannot name test users. */
function operatorOf({ services, database }: TestApp) {
  return { ...services, db: database.db };
}

describe("S6: in a sandbox", () => {
  it("the partner's page is green at each of a hundred presses, and the refills are marked", async () => {
    const test = await useTestApp();
    for (let press = 1; press <= PRESSES; press += 1)
      expect([press, ...(await pressT8(test))]).toEqual([press, ...Array(8).fill(true)]);
    const user = await logIn(test, "test-user-123");
    const { data } = (await user.get(`${COINS}/statement?limit=200`)).body;
    const refills = data.filter(({ kind }: { kind: string }) => kind === "test_top_up");
    expect(refills).toEqual([
      expect.objectContaining({ amount: "1000", test: true }),
      expect.objectContaining({ amount: "1000", test: true }),
    ]);
    await expectSound(test.database.db);
  });

  it("the app's page lists at each of a hundred presses, as any user", async () => {
    const test = await useTestApp();
    const user = await logIn(test, "user-1769263347091");
    for (let press = 1; press <= PRESSES; press += 1)
      expect([press, (await listTestItem(user)).status]).toEqual([press, 201]);
    const own = (await user.get("/api/allinone/market/items")).body.items.filter(
      ({ name }: { name: string }) => name === "集成测试道具",
    );
    expect(own).toHaveLength(20);
  });

  it("another user's coins do run out", async () => {
    const test = await useTestApp();
    const user = await logIn(test, "user-001");
    for (let n = 1; n <= 40; n += 1) expect((await buyFirst(user)).status).toBe(200);
    expect((await buyFirst(user)).body.code).toBe("INSUFFICIENT_BALANCE");
  });
});

describe("S6: in production", () => {
  it("a named test user is green until its budget is spent, then refused with the reason", async () => {
    await withinOneDay();
    const test = await useNamed(60n);
    for (let press = 1; press <= 42; press += 1)
      expect([press, ...(await pressT8(test))]).toEqual([press, ...Array(8).fill(true)]);
    const refused = await buyFirst(await logIn(test, "test-user-123"));
    expect([refused.status, refused.body.code]).toEqual([403, "TEST_BUDGET_SPENT"]);
    expect(refused.body.message).toContain("今日预算 60 游戏币");
    // F13: the remedy stands beside the rule, in both languages.
    expect(refused.body.details).toMatchObject({
      remedy: expect.stringContaining("00:00 UTC"),
      remedyZh: expect.stringContaining("零点后重试"),
    });
    await expectSound(test.database.db);
  });

  it("marks every line of its statement, also as CSV, and its account", async () => {
    await withinOneDay();
    const test = await useNamed(1_000n);
    const user = await logIn(test, "test-user-123");
    for (let n = 1; n <= 41; n += 1) expect((await buyFirst(user)).status).toBe(200);
    const statement = (await user.get(`${COINS}/statement?limit=200`)).body.data;
    expect(statement).toHaveLength(43); // opening, refill, purchases
    expect(statement.every(({ test: marked }: { test: boolean }) => marked)).toBe(true);
    expect((await user.get(COINS)).body.testUser).toBe(true);
    const { app } = test;
    const token = (
      await app.inject({ method: "POST", url: LOGIN, payload: { userId: "test-user-123" } })
    ).json();
    const headers = { authorization: `Bearer ${token.token}` };
    const csv = await app.inject({ url: `${COINS}/statement/export?format=csv`, headers });
    const [names = [], ...lines] = csv.body
      .trimEnd()
      .split("\r\n")
      .map((line) => line.split(","));
    const mark = names.indexOf("test");
    expect(new Set(lines.map((line) => line[mark]))).toEqual(new Set(["test"]));
  });

  it("no other user logs in without a proof, nor a test user whose name was taken away", async () => {
    const test = await useNamed(1_000n);
    const { app } = test;
    const open = (userId: string) =>
      app.inject({ method: "POST", url: LOGIN, payload: { userId } });
    expect((await open("user-001")).statusCode).toBe(403);
    const user = caller(test, "test-user-123", (await open("test-user-123")).json().token);
    expect((await user.get(BALANCE)).status).toBe(200);
    await unnameTestUser(test.database.db, BY, "test-user-123");
    test.services.credentials.evictAll(); // as the trigger's notification does
    expect((await user.get(BALANCE)).status).toBe(401);
    expect((await open("test-user-123")).statusCode).toBe(403);
  });

  it("lets neither money nor items out of the test users, nor in", async () => {
    const test = await useNamed(1_000n, 1_000n);
    const [tester, other] = [await logIn(test, "test-user-123"), await logIn(test, "test-user-id")];
    const person = await proven(test, "user-001");
    const pay = (from: Caller, to: Caller) =>
      from.post(
        "/api/v1/transfers",
        { from: from.userId, to: to.userId, currency: "game_coins", amount: "10" },
        { "idempotency-key": crypto.randomUUID() },
      );
    const give = async (from: Caller, to: Caller) =>
      from.post(TRANSFER, {
        itemId: await importPotion(from),
        targetUserId: to.userId,
        quantity: 1,
      });
    for (const [from, to] of [
      [tester, person],
      [person, tester],
    ] as const) {
      expect((await pay(from, to)).body.code).toBe("test_users_only");
      expect((await give(from, to)).body.details.field).toBe("targetUserId");
      const sale = (await listTestItem(from)).body.item.id;
      const bought = await to.post(PURCHASE, { itemId: sale, currencyType: "gameCoins" });
      expect([bought.status, bought.body.code]).toEqual([403, "FORBIDDEN"]);
    }
    expect((await pay(tester, other)).status).toBe(201);
    expect((await give(tester, other)).status).toBe(200);
    await expectSound(test.database.db);
  });

  it("the mark outlives a freeze and the end of the name", async () => {
    const test = await useNamed(0n);
    const account = accountId(await test.services.directory.walletNumber("test-user-123"), 1);
    for (const debits of [true, false])
      await freezeAccount(
        test.services,
        { account, byOperator: true, debits, credits: false },
        { caller: "newday" },
      );
    await unnameTestUser(test.database.db, BY, "test-user-123");
    const [row] = await test.database.db.query<{ marked: bigint }>(
      "select count(*) as marked from newday.accounts where flags & 1024 <> 0",
    );
    expect(row?.marked).toBe(6n);
  });

  it("refuses to name a real person's user, and shows a change before it makes it", async () => {
    const test = await useTestApp({ env: PRODUCTION });
    await proven(test, "user-001");
    const name = (userId: string, dryRun: boolean) =>
      nameTestUser(operatorOf(test), { ...BY, dryRun }, { userId, dailyBudget: 10n });
    await expect(name("user-001", false)).rejects.toMatchObject({ code: "forbidden" });
    expect(await name("test-user-123", true)).toMatchObject({ after: { dailyBudget: "10" } });
    expect(await test.database.db.query("select from newday.test_users")).toHaveLength(0);
  });

  it("twenty declared listings stay the limit of other users", async () => {
    const test = await useNamed(0n);
    const person = await proven(test, "user-001");
    const first = await listTestItem(person);
    for (let n = 1; n < 20; n += 1) expect((await listTestItem(person)).status).toBe(201);
    expect((await listTestItem(person)).body.errorCode).toBe("LISTING_LIMIT");
    expect((await person.post(CANCEL, { listingId: first.body.item.id })).status).toBe(200);
    expect((await listTestItem(person)).status).toBe(201);
    const tester = await logIn(test, "test-user-123");
    for (let n = 1; n <= 30; n += 1) expect((await listTestItem(tester)).status).toBe(201);
  });
});
