/** SQL of the registry of wallets. */
import type { NamedStatement, Statement } from "../../db/database.ts";

const COLUMNS = `number, id, user_id as "userId", platform, role, created_at as "createdAt",
  updated_at as "updatedAt"`;

export const readWallets: Statement = {
  name: "wallets_read",
  text: `select ${COLUMNS} from newday.wallets where number = any($1::bigint[])`,
};

export const readWalletOwners: Statement = {
  name: "wallet_owners_read",
  text: `select ${COLUMNS} from newday.wallets where user_id = any($1::text[])`,
};

export const insertWallets: NamedStatement = {
  name: "wallets_insert",
  text: `insert into newday.wallets (number, id, user_id, platform, role, created_at, updated_at)
  select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[],
    $6::timestamptz[], $7::timestamptz[])`,
};
