/** A million users with names of several scripts, and a heavy user's history beside their money, by plain SQL. */
import type { Database } from "../../server/src/db/database.ts";
import { buildIndexes, listIndexBuilds } from "../../server/src/db/index-builds.ts";
import { listMigrations } from "../../server/src/db/migrations.ts";

/** Names in their usual letters; every seventh user has a Chinese name, every ninth a Russian one. */
const FIRST =
  "{Anna,Bruno,Chiara,David,Emil,Fatima,Grace,Hugo,Ines,Jonas,Karim,Lena,Marta,Noah,Olga,Pablo}";
const LAST =
  "{Abbot,Becker,Costa,Dubois,Eriksen,Fischer,Garcia,Hansen,Ivanov,Jansen,Kovacs,Larsen,Moreau,Novak,Ortega,Petrov,Quint,Rossi,Smith,Toth}";
const FAMILY =
  "\u738b\u674e\u5f20\u5218\u9648\u6768\u8d75\u9ec4\u5468\u5434\u5f90\u5b59\u80e1\u6731\u9ad8\u6797";
const GIVEN =
  "\u4f1f\u82b3\u5a1c\u654f\u9759\u4e3d\u5f3a\u78ca\u519b\u6d0b\u52c7\u8273\u6770\u6d9b\u660e\u8d85\u79c0\u971e\u5e73\u521a\u6842\u82f1\u534e\u6167";
const RUSSIAN =
  "{\u0410\u043d\u043d\u0430,\u0418\u0432\u0430\u043d,\u041e\u043b\u044c\u0433\u0430,\u041f\u0451\u0442\u0440}";

/** Users as the platforms named them; their indexes are built afterwards, as by an upgrade. Returns the seconds of that. */
export async function seedUsers(db: Database, users: number): Promise<number> {
  const names = ["users_search", "users_place", "ledger_wallets_search", "ledger_wallets_place"];
  for (const name of names) await db.query(`drop index newday.${name}`);
  await db.query(
    `insert into newday.users (user_id, platform, external_id, display_name)
      select case n % 3 when 0 then 'moon:u' || n else 'u' || n end,
        case n % 3 when 0 then 'moon' else 'allinone' end, 'u' || n,
        case
          when n % 7 = 0 then substr('${FAMILY}', 1 + (n / 7) % 16, 1)
            || substr('${GIVEN}', 1 + (n / 112) % 24, 1) || substr('${GIVEN}', 1 + (n / 2688) % 24, 1)
          when n % 9 = 0 then (('${RUSSIAN}')::text[])[1 + n % 4] || ' ' || n % 9973
          else (('${FIRST}')::text[])[1 + n % 16] || ' ' || (('${LAST}')::text[])[1 + (n / 16) % 20] || ' ' || n % 9973
        end
      from generate_series(1, $1::int) n`,
    [users],
  );
  await db.query("vacuum analyze newday.users");
  const started = performance.now();
  for (const { sql } of listMigrations())
    if (listIndexBuilds(sql).some(({ name }) => names.includes(name))) await buildIndexes(db, sql);
  return (performance.now() - started) / 1000;
}

/** Logins, purchases and items of one user, who has as many entries as every account of the ledger. */
export async function seedHeavyUser(db: Database, userId: string, rows: number): Promise<void> {
  await db.query(
    `insert into newday.users (user_id, platform, external_id, display_name) values ($1, 'allinone', $1, $1)`,
    [userId],
  );
  await db.query(
    `insert into newday.sessions (token_hash, user_id, platform, proven, created_at, expires_at, revoked_at)
      select sha256(n::text::bytea), $1, 'allinone', false, now() - n * interval '1 minute',
        now() + interval '1 day', now() from generate_series(1, $2::int) n`,
    [userId, rows],
  );
  await db.query(
    `insert into newday.item_definitions (id, name, item_type, rarity)
      values (md5('sword')::uuid, 'Sword', 'weapon', 'common')`,
  );
  await db.query(
    `insert into newday.items (id, owner_id, definition_id, state, quantity, version, obtained_at)
      select 'inv-' || n, $1, md5('sword')::uuid, 'owned', 1, 1, now() - n * interval '1 second'
      from generate_series(1, $2::int) n`,
    [userId, rows],
  );
  await db.query(
    `insert into newday.item_history (item_id, version, action, owner_id, state, quantity, quantity_change, issued,
        recorded_at)
      select 'inv-' || n, 1, 'grant', $1, 'owned', 1, 1, 1, now() - n * interval '1 second'
      from generate_series(1, $2::int) n`,
    [userId, rows],
  );
  await db.query(
    `insert into newday.purchases (id, listing_id, buyer_id, currency, price, commission, total_amount,
        seller_receives, sale_type, created_at)
      select 'p-' || n, 'l-' || n, $1, 'game_coins', 1, 0, 1, 1, 'player_market', now() - n * interval '3 seconds'
      from generate_series(1, $2::int) n`,
    [userId, rows],
  );
  for (const table of ["sessions", "items", "item_history", "purchases"])
    await db.query(`vacuum analyze newday.${table}`);
}
