import type { Message } from "../language/messages.ts";

/** Members of changes that people read often; others keep the name of the API. */
export const FIELD_TEXTS: Readonly<Record<string, Message>> = {
  balance: { en: "Balance", zh: "余额" },
  currency: { en: "Currency", zh: "币种" },
  amount: { en: "Amount", zh: "数额" },
  price: { en: "Price", zh: "价格" },
  commission: { en: "Commission", zh: "手续费" },
  commissionFrom: { en: "Commission paid by", zh: "手续费承担方" },
  quantity: { en: "Quantity", zh: "数量" },
  quantityLeft: { en: "Quantity left to refund", zh: "剩余可退数量" },
  itemsReturned: { en: "Items returned", zh: "退回道具数" },
  maximum: { en: "Maximum", zh: "上限" },
  debits: { en: "Payments out frozen", zh: "冻结支出" },
  credits: { en: "Payments in frozen", zh: "冻结收入" },
  reason: { en: "Reason", zh: "原因" },
  until: { en: "Until", zh: "截止" },
  sessions: { en: "Sessions", zh: "会话" },
  status: { en: "Status", zh: "状态" },
  items: { en: "Items", zh: "道具" },
  held: { en: "Taken items", zh: "没收的道具" },
  role: { en: "Role", zh: "角色" },
  displayName: { en: "Name", zh: "名称" },
  userId: { en: "User", zh: "用户" },
  transferId: { en: "Transfer", zh: "转账" },
};

/** In minor units of the change's own currency. */
export const AMOUNT_FIELDS: ReadonlySet<string> = new Set([
  "balance",
  "amount",
  "price",
  "commission",
  "maximum",
]);
