/** SQL of the registry of wallets. */
import type { Statement } from "../../db/database.ts";
import {
  arrayColumns,
  BIGINT_LITERAL,
  insertFromUnnest,
  selectList,
  TEXT,
  TIMESTAMPTZ_LITERAL,
  type ArrayStatement,
  type Columns,
} from "../../db/tables/columns.ts";
import type { WalletRow } from "./wallet-rows.ts";

export const WALLET_COLUMNS: Columns<WalletRow> = {
  number: ["number", BIGINT_LITERAL],
  id: ["id", TEXT],
  userId: ["user_id", TEXT],
  platform: ["platform", TEXT],
  role: ["role", TEXT],
  createdAt: ["created_at", TIMESTAMPTZ_LITERAL],
  updatedAt: ["updated_at", TIMESTAMPTZ_LITERAL],
};
const SELECTED = selectList(WALLET_COLUMNS);
const INSERTED = arrayColumns(WALLET_COLUMNS);

export const readWallets: Statement = {
  name: "wallets_read",
  text: `select ${SELECTED} from newday.ledger_wallets where number = any($1::bigint[])`,
};

export const readWalletOwners: Statement = {
  name: "wallet_owners_read",
  text: `select ${SELECTED} from newday.ledger_wallets where user_id = any($1::text[])`,
};

export const insertWallets: ArrayStatement<WalletRow> = {
  name: "wallets_insert",
  text: insertFromUnnest("newday.ledger_wallets", INSERTED),
  columns: INSERTED,
};
