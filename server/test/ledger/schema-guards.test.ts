import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accountId } from "../../src/ledger/accounts/accounts.ts";
import { COINS } from "../support/ledger.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const A = accountId(900n, COINS);
const B = accountId(901n, COINS);
const CASH = accountId(901n, COINS + 1);

/** A movement between two accounts as the columns that define one. */
function movement(columns: {
  from: bigint;
  to: bigint;
  amount: bigint;
  version?: bigint;
  chained?: "both" | "payer" | "payee";
}): string {
  const { from, to, amount, version = 7n, chained = "both" } = columns;
  const previous = (side: "payer" | "payee") =>
    version !== 1n && (chained === "both" || chained === side) ? "gen_random_uuid()" : "null";
  return `insert into newday.transfers
    (recorded_at, from_account, to_account, amount, from_balance, to_balance, from_version,
      to_version, from_previous, to_previous, id, line, kind, caller)
    values (now(), ${from}, ${to}, ${amount}, 0, 0, ${version}, ${version}, ${previous("payer")},
      ${previous("payee")}, gen_random_uuid(), 0, 'transfer', 'test')`;
}

/** A line without movement: a refusal, or an operation that moves no money. */
function header(amount: bigint, line: number): string {
  return `insert into newday.transfers (recorded_at, amount, id, line, kind, caller)
    values (now(), ${amount}, gen_random_uuid(), ${line}, 'transfer', 'test')`;
}

const HOLD = `insert into newday.holds (id, account, amount, captured)
  values (gen_random_uuid(), ${A}`;
const CURRENCY = "insert into newday.currencies (number, code, scale, minimum, maximum) values";
const WALLET = "insert into newday.ledger_wallets (number, id, user_id, platform, role) values";

/** Rows that the schema refuses even to a faulty engine or a superuser. */
const FORBIDDEN: readonly (readonly [constraint: string, statement: string])[] = [
  ["accounts_held", `update newday.accounts set balance = -1 where id = ${A}`],
  ["accounts_maximum", `update newday.accounts set balance = maximum + 1 where id = ${A}`],
  ["accounts_held", `update newday.accounts set held = balance + 1 where id = ${A}`],
  ["accounts_held", `update newday.accounts set held = -1 where id = ${A}`],
  ["accounts_flags", `update newday.accounts set flags = 4096 where id = ${A}`],
  ["accounts_pkey", `insert into newday.accounts (id) values (${A})`],
  ["transfers_movement", movement({ from: A, to: A, amount: 1n })],
  ["transfers_movement", movement({ from: A, to: CASH, amount: 1n })],
  ["transfers_movement", movement({ from: A, to: B, amount: -1n })],
  ["transfers_movement", movement({ from: A, to: B, amount: 0n })],
  ["transfers_movement", movement({ from: A, to: B, amount: 1n, version: 0n })],
  ["transfers_chained", movement({ from: A, to: B, amount: 1n, chained: "payer" })],
  ["transfers_chained", movement({ from: A, to: B, amount: 1n, chained: "payee" })],
  ["transfers_movement", header(-1n, 0)],
  ["transfers_movement", header(0n, 1)],
  [
    "transfers_from_entry",
    movement({ from: A, to: accountId(902n, COINS), amount: 1n, version: 1n }),
  ],
  [
    "transfers_to_entry",
    movement({ from: accountId(902n, COINS), to: B, amount: 1n, version: 1n }),
  ],
  [
    "transfers_from_entry",
    movement({ from: A, to: accountId(902n, COINS), amount: 1n, version: 32n }),
  ],
  [
    "transfers_to_entry",
    movement({ from: accountId(902n, COINS), to: B, amount: 1n, version: 32n }),
  ],
  [
    "transfers_pkey",
    `insert into newday.transfers (recorded_at, amount, id, line, kind, caller)
      select recorded_at, 0, id, line, kind, caller from newday.transfers limit 1`,
  ],
  ["holds_amount", `${HOLD}, 5, 6)`],
  ["holds_amount", `${HOLD}, 0, 0)`],
  [
    "refunds_not_above_original",
    "insert into newday.refunds (transfer_id, line, amount, refunded) select id, 0, 1, 2 from newday.transfers limit 1",
  ],
  [
    "refunds_transfer_fk",
    "insert into newday.refunds (transfer_id, line, amount, refunded) values (gen_random_uuid(), 0, 1, 1)",
  ],
  ["currencies_bounds", `${CURRENCY} (99, 'odd', 0, 2, 1)`],
  ["currencies_scale_range", `${CURRENCY} (99, 'odd', 19, 0, 1)`],
  ["currencies_code_key", `${CURRENCY} (99, 'cash', 2, 0, 1)`],
  ["exchange_pairs_rate", "insert into newday.exchange_pairs values (1, 3, 0, 1)"],
  ["exchange_pairs_distinct", "insert into newday.exchange_pairs values (1, 1, 1, 1)"],
  ["wallets_user_id_key", `${WALLET} (950, 'other', 'schema-a', null, null)`],
  ["wallets_role_reserved", `${WALLET} (950, 'other', 'rogue', 'newday', 'mint')`],
  ["wallets_role_reserved", `${WALLET} (950, 'other', 'system:rogue', 'newday', null)`],
];

describe.each(["pg15", "pg18"] as const)("the schema on %s", (server) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase({ server });
    await database.db.query(`${WALLET} (900, 'w900', 'schema-a', null, null)`);
    await database.db.query(
      `insert into newday.accounts (id, balance, version) values (${A}, 10, 1), (${B}, 1, 1)`,
    );
    for (const version of [1n, 32n])
      await database.db.query(movement({ from: A, to: B, amount: 1n, version }));
  });

  afterAll(() => database.drop());

  it.each(FORBIDDEN)("holds %s (%#)", async (constraint, statement) => {
    const attempt = database.db.transaction(async (tx) => {
      await tx.query("set local newday.posting = 'on'");
      await tx.query(statement);
    });
    await expect(attempt).rejects.toThrow(constraint);
  });
});
