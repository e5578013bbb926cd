/** The shape of one check, and calls shared by many checks. */
import type { GroupId, Text } from "./model.ts";
import type { Answer, Session } from "./session.ts";

export interface Check {
  readonly id: string;
  readonly group: GroupId;
  readonly source: string;
  readonly title: Text;
  /** The remedy of a red check. */
  readonly remedy: Text;
  /** Resolves with the evidence; throws `CheckFailed`, `CheckSkipped` or `Unanswered`. */
  run(session: Session): Promise<Text>;
}

export const PATHS = {
  login: "/api/allinone/auth/login",
  verify: "/api/allinone/auth/verify",
  balance: "/api/allinone/wallet/balance",
  inventory: "/api/allinone/inventory",
  inventoryAdd: "/api/allinone/inventory/add",
  inventorySync: "/api/allinone/inventory/sync",
  marketItems: "/api/allinone/market/items",
  marketList: "/api/allinone/market/list",
  purchase: "/api/allinone/market/purchase",
  transfer: "/api/allinone/market/transfer",
  sharedMarket: "/api/shared/marketplace",
  sharedWallet: "/api/shared/wallet",
} as const;

export function proved(zh: string, en: string): Text {
  return { zh, en };
}

export function readBalance(session: Session, token: string): Promise<Answer> {
  return session.call("GET", PATHS.balance, { token });
}

export function readInventory(session: Session, token: string): Promise<Answer> {
  return session.call("GET", PATHS.inventory, { token });
}

export function readSharedWallet(session: Session, userId: string): Promise<Answer> {
  return session.call("GET", `${PATHS.sharedWallet}/${encodeURIComponent(userId)}`);
}
