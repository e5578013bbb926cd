/** The texts of the timeline. */
export const TIMELINE_TEXTS = {
  title: { en: "Timeline", zh: "时间线" },
  all: { en: "Everything", zh: "全部" },
  filter: { en: "Kind of events", zh: "事件类型" },
  at: { en: "Time", zh: "时间" },
  event: { en: "Event", zh: "事件" },
  details: { en: "Details", zh: "详情" },
  by: { en: "By", zh: "操作者" },
  after: { en: "then {balance}", zh: "余额 {balance}" },
  from: { en: "from", zh: "来自" },
  to: { en: "to", zh: "给" },
  unverified: { en: "by an unverified session", zh: "未验证会话" },
  verified: { en: "verified", zh: "已验证" },
  notVerified: { en: "unverified", zh: "未验证" },
  through: { en: "through", zh: "通过" },
  ended: { en: "ended", zh: "结束于" },
  change: { en: "Change", zh: "更改" },
  emptyTitle: { en: "Nothing happened yet.", zh: "尚无事件。" },
  empty: {
    en: "Payments, items, the market, logins, rules and acts of operators stand here, newest first, with who did them.",
    zh: "收支、道具、市场、登录、规则与运维操作会按时间倒序列在此处，并注明操作者。",
  },
} as const;
