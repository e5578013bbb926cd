/** The texts of the overview. */
export const OVERVIEW_TEXTS = {
  title: { en: "Overview", zh: "概览" },
  intro: {
    en: "One wallet, one inventory and one market for every user of every platform.",
    zh: "每个平台的每位用户：一个钱包、一个背包、一个市场。",
  },
  server: { en: "Server", zh: "服务" },
  answers: { en: "answers", zh: "有响应" },
  version: { en: "Version", zh: "版本" },
  build: { en: "Build", zh: "构建" },
  schema: { en: "Schema version", zh: "数据库结构版本" },
  database: { en: "Database", zh: "数据库" },
  reachable: { en: "reachable", zh: "正常" },
  unreachable: { en: "unreachable", zh: "无法连接" },
  reachableMeans: {
    en: "Reads and writes are answered; what was answered is on disk.",
    zh: "读写均有响应；已响应的写入均已落盘。",
  },
  unreachableMeans: {
    en: "Every request is refused until the connection is back. Check PostgreSQL and the network.",
    zh: "连接恢复前所有请求都会被拒绝。请检查 PostgreSQL 与网络。",
  },
  mode: { en: "Mode", zh: "模式" },
  sandbox: { en: "sandbox", zh: "沙盒" },
  production: { en: "production", zh: "生产" },
  sandboxMeans: {
    en: "Clients log in without proof, with confined rights. For development only.",
    zh: "客户端无需凭证即可登录，权限受限。仅用于开发。",
  },
  productionMeans: {
    en: "Every login needs a proof signed by its platform.",
    zh: "每次登录都需要平台签名的凭证。",
  },
  repair: { en: "Repair", zh: "数据库修复" },
  repaired: { en: "done", zh: "已修复" },
  repairDue: { en: "due", zh: "待修复" },
  repairedMeans: {
    en: "No foreign key ties wallets to players.",
    zh: "没有外键将钱包绑定到玩家。",
  },
  repairDueMeans: {
    en: "These foreign keys let only players own wallets:",
    zh: "以下外键使只有玩家才能拥有钱包：",
  },
  adoption: { en: "Adoption", zh: "账本接管" },
  adopted: { en: "done", zh: "已接管" },
  adoption_due: { en: "due", zh: "待接管" },
  repair_due: { en: "after the repair", zh: "须先修复" },
  adoptedMeans: {
    en: "Every balance is in the double-entry ledger.",
    zh: "所有余额都在复式账本中。",
  },
  adoptionDueMeans: {
    en: "Balances are still in the legacy table.",
    zh: "余额仍在旧表中。",
  },
  run: { en: "Run on the machine:", zh: "请在服务器上运行：" },
  readAt: { en: "Read at", zh: "读取于" },
} as const;
