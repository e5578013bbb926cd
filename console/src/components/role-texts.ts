import type { Role } from "@newday/sdk/admin";
import type { Message } from "../language/messages.ts";

export const ROLE_TEXTS: Readonly<Record<Role, Message>> = {
  viewer: { en: "viewer", zh: "只读" },
  support: { en: "support", zh: "客服" },
  economist: { en: "economist", zh: "经济" },
  owner: { en: "owner", zh: "所有者" },
};

/** What each role may do, for the person who gives it. */
export const ROLE_RIGHTS: Readonly<Record<Role, Message>> = {
  viewer: { en: "reads everything but secrets", zh: "可查看除机密外的一切" },
  support: {
    en: "helps a user: freeze, end sessions, refund, cancel",
    zh: "协助用户：冻结、结束会话、退款、撤销",
  },
  economist: {
    en: "changes money and stock: adjust, confiscate, currencies, budgets, limits",
    zh: "更改资金与库存：调整、没收、币种、预算、限额",
  },
  owner: {
    en: "changes operators, platforms, keys and secrets",
    zh: "管理运维人员、平台、密钥与机密",
  },
};
