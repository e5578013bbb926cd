/** The baselines: the same transfer as a transaction of its own, by statements or by one call. */
import { randomUUID } from "node:crypto";
import type { Database } from "../../server/src/db/database.ts";
import { account } from "./load.ts";
import type { Pair } from "./loop.ts";

const LOCK = {
  name: "single_lock",
  text: `select id, balance, version, last_transfer as "lastTransfer" from newday.accounts where id = any($1::bigint[])
    order by id for update`,
};
const UPDATE = {
  name: "single_update",
  text: `update newday.accounts set balance = $2, version = $3, last_transfer = $4,
    revision = revision + 1, changed_at = statement_timestamp() where id = $1`,
};
const INSERT = {
  name: "single_insert",
  text: `insert into newday.transfers (recorded_at, from_account, to_account, amount, from_balance,
      to_balance, from_version, to_version, from_previous, to_previous, id, fingerprint, line, kind,
      caller)
    values (statement_timestamp(), $1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, 0, 'transfer', 'allinone')`,
};

interface LockedRow {
  readonly id: bigint;
  readonly balance: bigint;
  readonly version: bigint;
  readonly lastTransfer: string | null;
}

/** begin, lock and read, two updates, one insert, commit: what a correct service does today. */
export async function transferByStatements(db: Database, pair: Pair): Promise<void> {
  const [from, to] = pair().map(account);
  if (from === undefined || to === undefined) throw new Error("a pair has two accounts");
  await db.transaction(async (tx) => {
    const rows = await tx.query<LockedRow>(LOCK, [`{${from},${to}}`]);
    const payer = rows.find(({ id }) => id === from);
    const payee = rows.find(({ id }) => id === to);
    if (!payer || !payee || payer.balance < 1n) throw new Error("refused");
    const id = randomUUID();
    await tx.query(UPDATE, [from, payer.balance - 1n, payer.version + 1n, id]);
    await tx.query(UPDATE, [to, payee.balance + 1n, payee.version + 1n, id]);
    await tx.query(INSERT, [
      from,
      to,
      payer.balance - 1n,
      payee.balance + 1n,
      payer.version + 1n,
      payee.version + 1n,
      payer.lastTransfer,
      payee.lastTransfer,
      id,
      randomUUID(),
    ]);
  });
}

/** The same work behind one round trip; its statement began before it had waited for its locks. */
export async function createTransferFunction(db: Database): Promise<void> {
  await db.query(`create function bench_transfer(payer bigint, payee bigint, id uuid, print uuid)
    returns void language plpgsql as $$
    declare a newday.accounts; b newday.accounts;
    begin
      perform 1 from newday.accounts x where x.id in (payer, payee) order by x.id for update;
      select * into a from newday.accounts x where x.id = payer;
      select * into b from newday.accounts x where x.id = payee;
      if a.balance < 1 then raise exception 'refused'; end if;
      update newday.accounts x set balance = x.balance - 1, version = x.version + 1,
        last_transfer = bench_transfer.id, revision = x.revision + 1,
        changed_at = statement_timestamp() where x.id = payer;
      update newday.accounts x set balance = x.balance + 1, version = x.version + 1,
        last_transfer = bench_transfer.id, revision = x.revision + 1,
        changed_at = statement_timestamp() where x.id = payee;
      insert into newday.transfers (recorded_at, from_account, to_account, amount, from_balance,
        to_balance, from_version, to_version, from_previous, to_previous, id, fingerprint, line,
        kind, caller)
      values (clock_timestamp(), payer, payee, 1, a.balance - 1, b.balance + 1, a.version + 1,
        b.version + 1, a.last_transfer, b.last_transfer, id, print, 0, 'transfer', 'allinone');
    end $$`);
}

export async function transferByFunction(db: Database, pair: Pair): Promise<void> {
  const [from, to] = pair().map(account);
  await db.query({ name: "single_call", text: "select bench_transfer($1, $2, $3, $4)" }, [
    from,
    to,
    randomUUID(),
    randomUUID(),
  ]);
}
