/** The texts of acts on users and things. */
import type { Message } from "../language/messages.ts";
import type { ActName } from "./opened-act.ts";

/** What a button says. */
export const ACT_NAMES: Readonly<Record<ActName, Message>> = {
  adjust: { en: "Adjust balance", zh: "调整余额" },
  freeze: { en: "Freeze", zh: "冻结" },
  unfreeze: { en: "Lift freeze", zh: "解除冻结" },
  "end-sessions": { en: "End sessions", zh: "结束会话" },
  confiscate: { en: "Confiscate", zh: "没收" },
  return: { en: "Give back", zh: "归还" },
  refund: { en: "Refund", zh: "退款" },
  "cancel-listing": { en: "Cancel listing", zh: "取消上架" },
  export: { en: "Export", zh: "导出" },
  erase: { en: "Erase", zh: "抹除" },
};

/** What an act does, and what undoes it. */
export const ACT_INTROS: Readonly<Record<ActName, Message>> = {
  adjust: {
    en: "Gives or takes money against the adjustments account. An opposite adjustment undoes it.",
    zh: "与调整账户对冲，给予或扣除余额。可用相反的调整撤销。",
  },
  freeze: {
    en: "Stops payments, items, listings and sessions of the user at once. Lifting the freeze undoes it.",
    zh: "立即停止该用户的收支、道具、上架与会话。解除冻结即可撤销。",
  },
  unfreeze: {
    en: "Lifts the operators' freeze. A freeze by the platform or by the audit stays.",
    zh: "解除运维人员的冻结。平台或审计的冻结保持不变。",
  },
  "end-sessions": {
    en: "Logs the user out everywhere. This cannot be undone; the user logs in again.",
    zh: "让该用户在所有设备上退出登录。无法撤销；用户可重新登录。",
  },
  confiscate: {
    en: "Moves items or coins into the holding place. Always waits for a second person. They can be given back.",
    zh: "将道具或货币移入保管处。始终须由另一人批准。之后可以归还。",
  },
  return: {
    en: "Gives everything of this confiscation back to the user.",
    zh: "将此次没收的全部内容归还该用户。",
  },
  refund: {
    en: "Price, commission and goods go back in one posting, despite freezes. This cannot be undone.",
    zh: "价格、手续费与道具在同一笔记账中退回，不受冻结影响。无法撤销。",
  },
  "cancel-listing": {
    en: "Takes the offer off the market; the item is back with its seller, who may list it again.",
    zh: "从市场下架；道具回到卖家手中，卖家可重新上架。",
  },
  export: {
    en: "Downloads everything about this person as one JSON file. The log records who exported it.",
    zh: "将此人的全部数据下载为一个 JSON 文件。日志会记录导出人。",
  },
  erase: {
    en: "Takes the person out of the database; the books stay under another name. This is final.",
    zh: "从数据库中抹除此人；账目以另一名称保留。此操作不可恢复。",
  },
};

export const OUTCOME_TEXTS = {
  waits: {
    en: "It waits for a second person. Nothing has changed yet.",
    zh: "正在等待另一人批准，尚未更改任何内容。",
  },
  needsApproval: { en: "A second person decides", zh: "须由另一人批准" },
  needsApprovalMeans: {
    en: "This goes beyond what you may do alone. Your confirmation asks another operator.",
    zh: "此操作超出您可单独执行的范围。确认后将申请另一位运维人员批准。",
  },
  ask: { en: "Ask for approval", zh: "申请批准" },
  toApprovals: { en: "To the approvals", zh: "前往审批" },
  undo: { en: "Undo", zh: "撤销" },
} as const;
