import type { KeyRule, RepairDefinition } from "./definition.ts";

export const WALLET_KEY: KeyRule = {
  table: "wallets",
  column: "user_id",
  references: "players",
  blocks: ["own a wallet", "拥有钱包"],
};

/** The first repair: lets a user outside New Day own a wallet. */
export const WALLETS_REPAIR: RepairDefinition = {
  id: "wallets",
  version: 1,
  title: ["Untie wallets from players", "解除钱包与玩家的外键绑定"],
  anchorTable: "wallets",
  parentTable: "players",
  keys: [WALLET_KEY],
  rows: [],
};
