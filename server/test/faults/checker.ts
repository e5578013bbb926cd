/** The checks after the load: nothing acknowledged is lost, doubled or contradicted. */
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import type { Database } from "../../src/db/database.ts";
import { audit } from "../../src/integrity/audit.ts";
import { kindOf, reasonOf, recordAnswer, send, type Credentials, type Told } from "./caller.ts";
import type { FoundFaults } from "./found-faults.ts";

/** Requests of the checker at once. */
const IN_FLIGHT = 32;
const ATTEMPTS = 20;
const PAUSE_MS = 500;
/** Ids in one statement. */
const SLICE = 5_000;

/** The first balances of the callers, before any operation. */
export type Sums = Map<string, bigint>;

export interface Checked {
  readonly db: Database;
  readonly bases: readonly string[];
  readonly credentials: Credentials;
  readonly told: readonly Told[];
  readonly users: readonly string[];
  readonly before: Sums;
  readonly found: FoundFaults;
}

/** Before anything is asked again: a lost transfer would only be posted anew. */
export async function checkDurability({ db, told, found }: Checked): Promise<void> {
  const ids = told.flatMap(({ kind, key, transfers }) =>
    transfers.map((id) => ({ id, kind, key })),
  );
  for (let start = 0; start < ids.length; start += SLICE) {
    const slice = ids.slice(start, start + SLICE);
    const rows = await db.query<{ id: string }>(
      "select distinct id::text from newday.transfers where id = any($1::uuid[]) and refusal is null",
      [slice.map(({ id }) => id)],
    );
    const stored = new Set(rows.map(({ id }) => id));
    for (const { id, kind, key } of slice)
      if (!stored.has(id))
        found.report("acknowledged, then lost", `${kind} ${key}: transfer ${id}`);
  }
}

/** Asks for everything under its key: lost answers become known, known ones must be repeated. */
export async function askAgain(checked: Checked): Promise<void> {
  const queue = [...checked.told.entries()];
  const worker = async () => {
    for (let next = queue.pop(); next; next = queue.pop()) await askOne(checked, next);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}

async function askOne(checked: Checked, [index, told]: [number, Told]): Promise<void> {
  const { bases, credentials, found } = checked;
  const name = `${told.kind} ${told.key}`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      const answer = await send(bases[(index + attempt) % bases.length] ?? "", told, credentials);
      const wasPosted = told.answer?.posted;
      const mustSaySo = told.key !== null && !kindOf(told.kind).replaysSilently;
      if (wasPosted && mustSaySo && !answer.replayed && answer.isPosted)
        found.report("posted again under its key", name);
      return recordAnswer(told, answer, found);
    } catch (error) {
      if (attempt === ATTEMPTS - 1) found.report("never answered", `${name}: ${reasonOf(error)}`);
      await sleep(PAUSE_MS);
    }
  }
}

/** Compares what the answers add up to with what the database holds. */
export async function checkSums({ db, told, users, before, found }: Checked): Promise<number> {
  const expected: Sums = new Map(before);
  const ofUsers = new Set(users);
  for (const [sum, change] of told.flatMap(({ effects }) => effects))
    if (ofUsers.has(sum.split(" ")[1] ?? "")) expected.set(sum, (expected.get(sum) ?? 0n) + change);
  const actual = await readSums(db, users);
  const names = new Set([...expected.keys(), ...actual.keys()]);
  for (const name of names) {
    const [want, have] = [expected.get(name) ?? 0n, actual.get(name) ?? 0n];
    if (want !== have) found.report("wrong sum", `${name}: answers ${want}, database ${have}`);
  }
  return names.size;
}

/**
 * Balances, reserved amounts and items of these users, named as the effects name them. A claim counts as
 * balance: the payment that posts its grant does not tell of it.
 */
export async function readSums(db: Database, users: readonly string[]): Promise<Sums> {
  const sums: Sums = new Map();
  const accounts = await db.query<{ user: string; code: string; balance: bigint; held: bigint }>(
    `select w.user_id as user, c.code, a.balance + a.claim as balance, a.held
      from newday.ledger_wallets w
      join newday.accounts a on a.id >> 16 = w.number
      join newday.currencies c on c.number = a.id & 65535
      where w.user_id = any($1)`,
    [users],
  );
  for (const { user, code, balance, held } of accounts) {
    sums.set(`balance ${user} ${code}`, balance);
    sums.set(`held ${user} ${code}`, held);
  }
  const items = await db.query<{ owner: string; state: string; quantity: bigint }>(
    `select owner_id as owner, state, sum(quantity)::bigint as quantity from newday.items
      where owner_id = any($1) group by 1, 2`,
    [users],
  );
  for (const { owner, state, quantity } of items) sums.set(`items ${owner} ${state}`, quantity);
  return sums;
}

/** Every process locks rows in one order. PostgreSQL loses its count when it crashes: ask before. */
export async function checkDeadlocks({ db, found }: Pick<Checked, "db" | "found">): Promise<void> {
  const [row] = await db.query<{ deadlocks: bigint }>(
    "select deadlocks from pg_stat_database where datname = current_database()",
  );
  if (row && row.deadlocks > 0n) found.report("deadlock", `${row.deadlocks} so far`);
}

export async function checkAudit({ db, found }: Checked): Promise<void> {
  const { breaches } = await audit(db);
  for (const breach of breaches) found.report("audit", inspect(breach, { breakLength: Infinity }));
}
