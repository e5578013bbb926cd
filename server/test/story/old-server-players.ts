/** The old server's own players: they read, earn, buy, play and register, as long as it runs. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";
import { QUIET_PLAYER } from "./players.ts";
import type { CallKind, Tally } from "./measured.ts";

/** Shorter than a person's pause; it leaves two cores to the repair. */
const THINK_MS = 25;

interface Play {
  readonly pool: Pool;
  readonly tally: Tally;
  readonly players: number;
}

/** What a player does: one statement, or several in a transaction. */
interface Deed {
  readonly kind: CallKind;
  readonly statements: (userId: string) => readonly (readonly [string, readonly unknown[]])[];
}

const DEEDS: readonly Deed[] = [
  read('select * from "wallets" where "user_id" = $1'),
  write((id) => [
    [
      'update "wallets" set "game_coins" = "game_coins" + 5, "updated_at" = now() where "user_id" = $1',
      [id],
    ],
  ]),
  read('select * from "user_inventories" where "user_id" = $1'),
  // The lock order of the two tables is mixed on purpose.
  write((id) => [
    ['update "players" set "total_adventures" = "total_adventures" + 1 where "id" = $1', [id]],
    ['update "wallets" set "updated_at" = now() where "user_id" = $1', [id]],
  ]),
  read('select * from "adventure_items" where "player_id" = $1'),
  write((id) => [
    ['update "wallets" set "game_coins" = "game_coins" - 1 where "user_id" = $1', [id]],
    ['update "players" set "updated_at" = now() where "id" = $1', [id]],
    [
      `insert into "user_inventories" ("user_id", "item_name", "obtained_from", "item_type", "item_rarity")
        values ($1, '能量饮料', 'old-server', 'consumable', 'common')`,
      [id],
    ],
  ]),
  read(
    `select "nickname", "game_coins" from "players" join "wallets" on "user_id" = "players"."id" where "players"."id" = $1`,
  ),
  // A player of their own, with a wallet, as the old server registers one.
  write(() => {
    const id = `user-${randomUUID()}`;
    return [
      ['insert into "players" ("id", "nickname") values ($1, $2)', [id, "Player"]],
      ['insert into "wallets" ("user_id") values ($1)', [id]],
    ];
  }),
];

function read(text: string): Deed {
  return { kind: "read", statements: (id) => [[text, [id]]] };
}

function write(statements: Deed["statements"]): Deed {
  return { kind: "write", statements };
}

/** Resolves when every player has stopped. */
export async function playUntil(isOver: () => boolean, play: Play): Promise<void> {
  const { rows } = await play.pool.query<{ id: string }>(
    'select "user_id" as "id" from "wallets" where "user_id" <> $1 order by 1 limit 200',
    [QUIET_PLAYER],
  );
  const owners = rows.map(({ id }) => id);
  await Promise.all(
    Array.from({ length: play.players }, (_, at) => onePlayer(isOver, play, owners, at)),
  );
}

/** Players have users of their own, so that only locks of tables make one wait for another. */
async function onePlayer(
  isOver: () => boolean,
  { pool, tally, players }: Play,
  owners: readonly string[],
  at: number,
): Promise<void> {
  const own = owners.filter((_, index) => index % players === at);
  for (let turn = at; !isOver(); turn++) {
    const deed = DEEDS[turn % DEEDS.length];
    const userId = own[turn % own.length] ?? "";
    if (deed) await tally.count(deed.kind, () => act(pool, deed, userId));
    await sleep(THINK_MS * (0.5 + Math.random()));
  }
}

async function act(pool: Pool, { statements }: Deed, userId: string): Promise<void> {
  const list = statements(userId);
  const client = await pool.connect();
  try {
    if (list.length > 1) await inTransaction(client, list);
    else for (const [text, values] of list) await client.query(text, [...values]);
  } finally {
    client.release();
  }
}

async function inTransaction(
  client: PoolClient,
  list: ReturnType<Deed["statements"]>,
): Promise<void> {
  await client.query("begin");
  try {
    for (const [text, values] of list) await client.query(text, [...values]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}
