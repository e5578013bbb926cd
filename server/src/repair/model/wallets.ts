import type { KeyRule, PartnerTexts, RepairDefinition, SmokeTarget } from "./definition.ts";

export const WALLET_KEY: KeyRule = {
  table: "wallets",
  column: "user_id",
  references: "players",
  blocks: { en: "own a wallet", zh: "拥有钱包" },
  unique: true,
};

export const WALLET_TEXTS: PartnerTexts = {
  gains: {
    en: "users of every platform get a wallet on their first request",
    zh: "任何平台的用户首次请求即可获得钱包",
  },
  test: {
    en: "GET /api/shared/wallet/<an id of yours that is new to us>; expect 200 and isNewWallet true, then false",
    zh: "GET /api/shared/wallet/<贵方的新用户 ID>；首次返回 200 且 isNewWallet 为 true，再次请求为 false",
  },
  loses: {
    en: "users who are unknown to New Day cannot get a new wallet",
    zh: "New Day 未知的用户无法获得新钱包",
  },
};

export const WALLET_SMOKE: SmokeTarget = { table: WALLET_KEY.table, column: WALLET_KEY.column };

/** The first repair: lets a user outside New Day own a wallet. */
export const WALLETS_REPAIR: RepairDefinition = {
  id: "wallets",
  version: 1,
  title: { en: "Untie wallets from players", zh: "解除钱包与玩家的外键绑定" },
  anchorTable: "wallets",
  parentTable: "players",
  keys: [WALLET_KEY],
  rows: [],
  partner: WALLET_TEXTS,
  smoke: WALLET_SMOKE,
};
