/** What an old server still reads after the adoption: what is promised, and what is not. */
import type { DirectClient } from "../../src/db/driver/direct-client.ts";
import type { Screen } from "./screen.ts";

/** The tables that the adoption freezes: readable, as they stood at that moment. */
const FROZEN = ["market_items", "transactions", "user_inventories", "adventure_items"] as const;

export interface LegacyState {
  readonly wallets: string;
  readonly frozen: Readonly<Record<string, number>>;
}

/** Read with the old server's words: no schema is named. */
export async function readLegacyState(client: DirectClient): Promise<LegacyState> {
  const frozen: Record<string, number> = {};
  for (const table of FROZEN) frozen[table] = await countOf(client, `"${table}"`);
  return { wallets: await sumsOf(client, '"wallets"'), frozen };
}

/** `atAdoption` is the state right after the switch. */
export async function proveViews(
  client: DirectClient,
  atAdoption: LegacyState,
  screen: Screen,
): Promise<void> {
  const now = await readLegacyState(client);
  const ledger = await ledgerSums(client);
  screen.box(now.wallets === ledger, {
    en: `promised: "wallets" shows the ledger's balances now, with promised starter coins (${ledger})`,
    zh: `已承诺："wallets" 显示账本的当前余额，含已承诺的新手金币（${ledger}）`,
  });
  screen.box(
    FROZEN.every((table) => now.frozen[table] === atAdoption.frozen[table]),
    {
      en: `promised: ${FROZEN.join(", ")} stay readable, as they stood at the adoption`,
      zh: `已承诺：${FROZEN.join("、")} 仍可读取，内容停留在接管时刻`,
    },
  );
  await refusals(client, screen);
  const purchases = await countOf(client, "newday.purchases");
  screen.line({
    en: `not promised: those four tables do not follow the ledger (purchases in the ledger ${purchases}, rows in "transactions" ${now.frozen["transactions"]}); an old server shows old items and listings`,
    zh: `未承诺：这四张表不随账本更新（账本中的购买 ${purchases} 笔，"transactions" 中 ${now.frozen["transactions"]} 行）；旧服务器显示的是旧的道具与挂单`,
  });
  screen.line({
    en: 'not promised: a login of a new player on the old server still writes "players", and no wallet for it',
    zh: '未承诺：新玩家在旧服务器登录仍会写入 "players"，但不会为其创建钱包',
  });
}

const WRITES: readonly string[] = [
  `update "wallets" set "game_coins" = 0 where "user_id" = 'user-001'`,
  `insert into "wallets" ("user_id") values ('late')`,
  `delete from "wallets" where "user_id" = 'user-001'`,
  ...FROZEN.map((table) => `delete from "${table}"`),
];

/** Every write must fail, or a later audit would find money that was never posted. */
async function refusals(client: DirectClient, screen: Screen): Promise<void> {
  const passed: string[] = [];
  for (const statement of WRITES) {
    const code = await client.query(statement).then(
      () => "passed",
      (error: { code?: string }) => error.code,
    );
    if (code !== "ND003") passed.push(`${statement}: ${code}`);
  }
  screen.box(passed.length === 0, {
    en: `promised: a write of the old server is refused with ND003 (${WRITES.length} statements tried)${passed.join("; ")}`,
    zh: `已承诺：旧服务器的写入以 ND003 拒绝（试了 ${WRITES.length} 条语句）${passed.join("；")}`,
  });
}

async function countOf(client: DirectClient, table: string): Promise<number> {
  const [row] = await client.query<{ n: number }>(`select count(*)::int as n from ${table}`);
  return row?.n ?? 0;
}

async function sumsOf(client: DirectClient, table: string): Promise<string> {
  const [row] = await client.query<{ sums: string }>(
    `select format('%s wallets, %s coins, %s cash, %s power', count(*), sum(game_coins), sum(cash_balance),
      sum(computing_power)) as sums from ${table}`,
  );
  return row?.sums ?? "";
}

/** The same figures from the accounts of users; system wallets have a role. Reads show a claim as balance. */
async function ledgerSums(client: DirectClient): Promise<string> {
  const [row] = await client.query<{ sums: string }>(
    `select format('%s wallets, %s coins, %s cash, %s power', count(distinct w.number),
        coalesce(sum(balance + claim) filter (where a.id & 65535 = 1), 0), coalesce(sum(balance) filter (where a.id & 65535 = 2), 0),
        coalesce(sum(balance) filter (where a.id & 65535 = 3), 0)) as sums
      from newday.ledger_wallets w left join newday.accounts a on a.id >> 16 = w.number
      where w.role is null`,
  );
  return row?.sums ?? "";
}
