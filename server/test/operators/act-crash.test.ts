/** A server killed at any moment between an act and its row of the log: both are there, or neither. */
import { randomInt, randomUUID } from "node:crypto";
import { beforeAll, expect, it } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { createOperatorKey } from "../../src/operators/operator-keys.ts";
import { useAdoptedDatabase } from "../support/app.ts";
import { expectSound } from "../support/ledger.ts";
import { BY_TEST, TEST_KEY } from "../support/platforms.ts";
import { buildOnce } from "../support/server-process.ts";
import { spawnServer } from "../support/spawn-server.ts";
import { onTestFinished } from "../support/test-end.ts";

/** Each starts a server. */
const KILLS = 3;
const USERS = ["crash-1", "crash-2"];
/** The kill falls into the work that follows so many answers. */
const ANSWERS_MAX = 40;
const MINUTES_2 = 120_000;

beforeAll(buildOnce);

interface Killed {
  readonly url: string;
  readonly key: string;
  /** Transfers of the acts that were answered. */
  readonly answered: string[];
}

async function actUntilKilled({ url, key, answered }: Killed): Promise<void> {
  const { child, base, exited } = spawnServer({ DATABASE_URL: url, ...TEST_KEY });
  onTestFinished(() => void child.kill("SIGKILL"));
  const address = await base;
  const call = (method: string, path: string, body: object) =>
    fetch(`${address}${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${key}`,
        "idempotency-key": randomUUID(),
      },
      body: JSON.stringify(body),
    });
  for (const allinoneUserId of USERS)
    await call("POST", "/api/allinone/auth/login", { allinoneUserId });
  const last = randomInt(1, ANSWERS_MAX);
  let answers = 0;
  const work = async (next: () => Promise<Response>) => {
    for (;;) {
      const reply = await next()
        .then((answer) => answer.json() as Promise<{ code?: string; transferId?: string }>)
        .catch(() => undefined); // the server was killed
      if (!reply) return;
      expect(reply.code).toBeUndefined();
      if (reply.transferId) answered.push(reply.transferId);
      answers += 1;
      if (answers === last) child.kill("SIGKILL");
    }
  };
  const of = (userId: string, path: string) => `/api/admin/users/${userId}/${path}`;
  const reason = () => `case ${randomUUID()}`;
  await Promise.all([
    ...USERS.map((userId) => {
      const body = { currency: "game_coins", amount: "1" };
      return work(() => call("POST", of(userId, "adjustments"), { ...body, reason: reason() }));
    }),
    ...USERS.map((userId) => work(() => call("POST", of(userId, "freezes"), { reason: reason() }))),
    work(() => {
      const rate = { numerator: `${randomInt(1, 2 ** 40)}`, denominator: "1", reason: reason() };
      return call("PUT", "/api/admin/exchange-pairs/cash/game_coins", rate);
    }),
  ]);
  await exited;
}

/** The killed server's sessions end once PostgreSQL notices; what they sent until then counts. */
function serversLeft(db: Database) {
  return db.query(
    `select application_name from pg_stat_activity
      where datname = current_database() and application_name <> 'newday-test'
        and backend_type = 'client backend'`,
  );
}

function disagreements(db: Database, answered: readonly string[]) {
  return db.query(
    `select 'act without its row' as found, t.id::text as id from newday.transfers t
      where t.kind = 'adjustment' and not exists (select from newday.operator_changes c
        where c.what = 'user adjust' and c.after->>'transferId' = t.id::text)
     union all select 'row without its act', c.id::text from newday.operator_changes c
      where c.what = 'user adjust' and not exists (select from newday.transfers t
        where t.kind = 'adjustment' and t.id::text = c.after->>'transferId')
     union all select 'freeze without its row', f.user_id from newday.user_freezes f
      where f.operator_reason is distinct from (select c.reason from newday.operator_changes c
        where c.what = 'user freeze' and c.subject = f.user_id order by c.id desc limit 1)
     union all select 'rate without its row', p.numerator::text from newday.exchange_pairs p
      where (p.source_currency, p.target_currency) = (
          select s.number, t.number from newday.currencies s, newday.currencies t
          where s.code = 'cash' and t.code = 'game_coins')
        and p.numerator || ':' || p.denominator is distinct from (
        select c.after->>'rate' from newday.operator_changes c
        where c.what = 'exchange-pair add' order by c.id desc limit 1)
     union all select 'answered act without its row', a.id from unnest($1::text[]) as a (id)
      where not exists (select from newday.operator_changes c where c.after->>'transferId' = a.id)`,
    [answered],
  );
}

it(
  "an act and its row of the log are there together, or neither, whenever the server is killed",
  async () => {
    const { db, url } = await useAdoptedDatabase();
    const wanted = { label: "crash", role: "owner", expiresAt: null } as const;
    const { secret: key = "" } = await createOperatorKey(db, BY_TEST, wanted);
    const answered: string[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      await actUntilKilled({ url, key, answered });
      await expect.poll(() => serversLeft(db), { timeout: MINUTES_2 }).toEqual([]);
      expect(await disagreements(db, answered)).toEqual([]);
    }
    const [logged] = await db.query<{ adjusted: bigint; frozen: bigint; rated: bigint }>(
      `select count(*) filter (where what = 'user adjust') as adjusted,
          count(*) filter (where what = 'user freeze') as frozen,
          count(*) filter (where what = 'exchange-pair add') as rated
        from newday.operator_changes`,
    );
    expect(logged && logged.adjusted + logged.frozen + logged.rated).toBeGreaterThan(0n);
    await expectSound(db);
  },
  MINUTES_2,
);
