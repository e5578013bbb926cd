/** Every text of the console, in both languages. */
export type Language = "zh" | "en";

export interface Texts {
  readonly title: string;
  readonly subtitle: string;
  readonly loading: string;
  readonly unreachable: string;
  readonly again: string;
  readonly otherLanguage: string;
  readonly server: string;
  readonly version: string;
  readonly build: string;
  readonly schema: string;
  readonly database: string;
  readonly databaseStates: { readonly ok: string; readonly unreachable: string };
  readonly mode: string;
  readonly modes: { readonly sandbox: string; readonly production: string };
  readonly repair: string;
  readonly repaired: string;
  readonly repairDue: string;
  readonly adoption: string;
  readonly adoptions: Readonly<Record<"adopted" | "adoption_due" | "repair_due", string>>;
  readonly run: string;
  readonly links: string;
  readonly integrationPage: string;
  readonly apiDocs: string;
  readonly health: string;
  readonly metrics: string;
  readonly checkedAt: string;
}

const CHINESE: Texts = {
  title: "New Day 共享经济服务",
  subtitle: "每个平台的每位用户：一个钱包、一个背包、一个市场",
  loading: "正在读取状态……",
  unreachable: "服务没有回应",
  again: "重新读取",
  otherLanguage: "English",
  server: "服务",
  version: "版本",
  build: "构建",
  schema: "数据库结构版本",
  database: "数据库",
  databaseStates: { ok: "正常", unreachable: "无法连接" },
  mode: "模式",
  modes: {
    sandbox: "沙盒：客户端无需凭证即可登录，权限受限；仅用于开发",
    production: "生产：每次登录都需要平台签名的凭证",
  },
  repair: "数据库修复",
  repaired: "已修复：没有外键将钱包绑定到玩家",
  repairDue: "待修复：以下外键只允许玩家拥有钱包",
  adoption: "账本接管",
  adoptions: {
    adopted: "已接管：所有余额都在复式账本中",
    adoption_due: "待接管：余额仍在旧表中",
    repair_due: "须先完成修复",
  },
  run: "运维人员运行：",
  links: "入口",
  integrationPage: "集成测试页",
  apiDocs: "接口文档",
  health: "健康状态（JSON）",
  metrics: "指标（Prometheus）",
  checkedAt: "读取于",
};

const ENGLISH: Texts = {
  title: "New Day shared economy",
  subtitle: "One wallet, one inventory and one market for every user of every platform",
  loading: "Reading the state…",
  unreachable: "The server does not answer",
  again: "Read again",
  otherLanguage: "简体中文",
  server: "Server",
  version: "version",
  build: "build",
  schema: "schema version",
  database: "Database",
  databaseStates: { ok: "reachable", unreachable: "unreachable" },
  mode: "Mode",
  modes: {
    sandbox: "Sandbox: clients log in without proof, confined and capped; for development only",
    production: "Production: every login needs a proof signed by its platform",
  },
  repair: "Repair",
  repaired: "Done: no foreign key ties wallets to players",
  repairDue: "Due: these foreign keys let only players own wallets",
  adoption: "Adoption",
  adoptions: {
    adopted: "Done: every balance is in the double-entry ledger",
    adoption_due: "Due: balances are still in the legacy table",
    repair_due: "Comes after the repair",
  },
  run: "The operator runs:",
  links: "Where to go",
  integrationPage: "Integration page",
  apiDocs: "API documentation",
  health: "Health (JSON)",
  metrics: "Metrics (Prometheus)",
  checkedAt: "read at",
};

export const TEXTS: Readonly<Record<Language, Texts>> = { zh: CHINESE, en: ENGLISH };

/** The reader's own language at first; the button changes it for this visit. */
export function preferredLanguage(): Language {
  return navigator.language.toLowerCase().startsWith("en") ? "en" : "zh";
}
