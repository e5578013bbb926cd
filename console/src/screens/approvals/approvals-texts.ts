/** The texts of acts that wait for a second person. */
export const APPROVALS_TEXTS = {
  title: { en: "Approvals", zh: "审批" },
  intro: {
    en: "Acts above the limit wait here for a second person.",
    zh: "超出限额的操作在此等待另一人审批。",
  },
  askedAt: { en: "Asked", zh: "申请时间" },
  askedBy: { en: "By", zh: "申请人" },
  what: { en: "Act", zh: "操作" },
  subject: { en: "Subject", zh: "对象" },
  erased: { en: "erased", zh: "已抹除" },
  reason: { en: "Reason", zh: "原因" },
  status: { en: "Status", zh: "状态" },
  decide: { en: "Decision", zh: "审批" },
  own: { en: "Another person approves yours.", zh: "您的申请须由他人批准。" },
  approve: { en: "Approve", zh: "批准" },
  reject: { en: "Reject", zh: "驳回" },
  approveTitle: { en: "Approve: {what}", zh: "批准：{what}" },
  rejectTitle: { en: "Reject: {what}", zh: "驳回：{what}" },
  asPreviewed: { en: "As previewed when it was asked for:", zh: "申请时的预览：" },
  cancel: { en: "Cancel", zh: "取消" },
  close: { en: "Close", zh: "关闭" },
  emptyTitle: { en: "Nothing waits.", zh: "没有待审批的操作。" },
  empty: {
    en: "When an act, such as an adjustment, passes the limit of its currency, it is kept here until another operator of the same role approves it.",
    zh: "当操作（例如调整余额）超出该币种的限额时，会保留在此，直到另一位同级运维人员批准。",
  },
} as const;

export const APPROVAL_STATUS_TEXTS = {
  pending: { en: "waiting", zh: "待审批" },
  expired: { en: "expired", zh: "已过期" },
  approved: { en: "approved", zh: "已批准" },
  done: { en: "done", zh: "已执行" },
  rejected: { en: "rejected", zh: "已驳回" },
} as const;
