/** The commands of the runbook (docs/repair/README.md), in its order, and what each must prove. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Message } from "../../src/lib/messages.ts";
import type { StoryStage } from "./stage.ts";

export const REPORT = "runbook.md";

export interface RunbookStep {
  /** Also the heading of the recording. */
  readonly title: Message;
  /** After `newday`, its names in capitals filled in by command.ts; undefined: the page in the browser. */
  readonly command?: string;
  /** Looks the result up in the database or in what the command wrote, never in its exit code alone. */
  readonly probe: (stage: StoryStage, output: string) => Promise<boolean>;
  readonly proves: Message;
  /** Whether the old server's writes are refused by design from this step on. */
  readonly adopts?: true;
}

export const RUNBOOK: readonly RunbookStep[] = [
  {
    title: { en: "Plan", zh: "计划" },
    command: "repair plan --environment production --out PLAN",
    probe: async (stage, output) =>
      (await keys(stage)) === 1 && output.includes("wallets_user_id_players_id_fk"),
    proves: {
      en: "the plan names the key; nothing was written",
      zh: "计划指明该外键；未写入任何内容",
    },
  },
  {
    title: { en: "Backup", zh: "备份" },
    command: "repair backup --plan PLAN --backup-dir BACKUPS",
    probe: (stage) => journaled(stage, "backup"),
    proves: { en: "a dump was restored and is equal", zh: "备份已恢复且一致" },
  },
  {
    title: { en: "Rehearsal", zh: "演练" },
    command: "repair rehearse --plan PLAN --backup-dir BACKUPS",
    probe: (stage) => journaled(stage, "rehearse"),
    proves: {
      en: "the repair and every rollback option ran on a restored copy",
      zh: "修复与每种回滚方式已在恢复的副本上执行",
    },
  },
  {
    title: { en: "Smoke test before the change: red", zh: "修改前的冒烟测试：红" },
    command: "repair smoke --plan PLAN --api-url API",
    probe: async (stage) => (await keys(stage)) === 1 && (await externalWallets(stage)) === 0,
    proves: {
      en: "the API fails for an external user, and it is the API of this database",
      zh: "API 拒绝外部用户，且确为本库的 API",
    },
  },
  {
    title: { en: "Heads-up to the partner", zh: "预先通知合作方" },
    command: "repair notify --plan PLAN --kind heads-up --at AT",
    probe: async (_stage, output) => /Notice|通知/.test(output),
    proves: { en: "the partner's webhook took the notice", zh: "合作方的 webhook 已收到通知" },
  },
  {
    title: { en: "Apply", zh: "执行" },
    command:
      "repair apply --plan PLAN --backup-dir BACKUPS --confirm-database newday_prod --confirm-environment production --confirm-plan HASH",
    probe: async (stage) => (await keys(stage)) === 0,
    proves: { en: "the key is gone from pg_constraint", zh: "pg_constraint 中已无该外键" },
  },
  {
    title: { en: "Verify", zh: "验证" },
    command: "repair verify",
    probe: async (stage) => (await keys(stage)) === 0,
    proves: {
      en: "by catalogue and behaviour: an external user can own a wallet, once",
      zh: "以目录与行为验证：外部用户可拥有钱包，且仅一个",
    },
  },
  {
    title: { en: "Smoke test after the change: green", zh: "修改后的冒烟测试：绿" },
    command: "repair smoke --api-url API",
    probe: async (stage) => (await externalWallets(stage)) === 0,
    proves: {
      en: "the API gives an external user a wallet; no synthetic row is left, the exact rollback stays open",
      zh: "API 为外部用户创建钱包；未遗留合成数据，精确回滚仍可用",
    },
  },
  {
    title: { en: "Adoption, dry run", zh: "接管预演" },
    command: "adopt --dry-run",
    probe: async (stage, output) =>
      !(await adopted(stage)) && /point of no return|不可逆点/.test(output),
    proves: {
      en: "the point of no return is named, and nothing was changed",
      zh: "已指明不可逆点，未作任何更改",
    },
  },
  {
    title: { en: "Adoption: the point of no return", zh: "接管：不可逆点" },
    command: "adopt --confirm-database newday_prod",
    probe: async (stage) => (await adopted(stage)) && (await differences(stage)) === 0,
    proves: {
      en: "the ledger holds every wallet, item and listing, each balance exact",
      zh: "账本已包含全部钱包、道具与挂单，余额逐一相符",
    },
    adopts: true,
  },
  {
    title: { en: "The partner's page: 开始测试", zh: "合作方页面：开始测试" },
    probe: async (stage) => (await externalWallets(stage)) > 0,
    proves: { en: "every row of the page is green", zh: "页面每一行都通过" },
  },
  {
    title: { en: "The page's checks from the command line", zh: "命令行中的页面检查" },
    command: "repair smoke --api-url API --integration-page",
    probe: (stage) => artefact(stage, "integration-page"),
    proves: {
      en: "every check is green, and the journal has it",
      zh: "全部检查通过，并已记入日志",
    },
  },
  {
    title: { en: "Notice to the partner: done", zh: "通知合作方：完成" },
    command: "repair notify --kind done",
    probe: (stage) => journaled(stage, "notify"),
    proves: { en: "the notice was delivered", zh: "通知已送达" },
  },
  {
    title: { en: "The partner's answer", zh: "合作方的答复" },
    command: "repair notify --partner-answer green-on-our-side",
    probe: async (stage) => (await events(stage, "partner-answer", "kind")) > 0,
    proves: { en: "the answer is recorded", zh: "答复已记录" },
  },
  {
    title: { en: "Watch", zh: "监视" },
    command: "repair watch --for 1s --every 1s",
    probe: async (stage) => (await keys(stage)) === 0,
    proves: { en: "the key has not come back", zh: "外键没有再出现" },
  },
  {
    title: { en: "Report: the checklist", zh: "报告：检查清单" },
    command: "repair report --out REPORT",
    probe: async (stage) => everyBoxTicked(readFileSync(join(stage.folder, REPORT), "utf8")),
    proves: {
      en: "every box of the runbook is ticked by evidence; the watch goes on for days",
      zh: "手册的每一项均有证据；监视将持续数日",
    },
  },
];

/** The partner's answer is a person's word; a watch of a second leaves its box open. */
function everyBoxTicked(report: string): boolean {
  const boxes = checklistOf(report);
  const open = boxes.filter((line) => !/^- (☑|☑ᵒ|✎) /.test(line));
  return boxes.length > 1 && open.length === 1 && open[0] === boxes.at(-1);
}

/** The boxes of a report. */
export function checklistOf(report: string): string[] {
  return report.split("\n").filter((line) => /^- \S+ \*\*/.test(line));
}

async function keys({ client }: StoryStage): Promise<number> {
  return count(
    client,
    `select count(*)::int as n from pg_constraint where contype = 'f'
      and conrelid = any (select oid from pg_class where relname = 'wallets')`,
  );
}

async function externalWallets({ client }: StoryStage): Promise<number> {
  return count(
    client,
    `select count(*)::int as n from "wallets" where not exists
      (select from "players" where "players"."id" = "user_id")`,
  );
}

async function adopted({ client }: StoryStage): Promise<boolean> {
  return (await count(client, "select count(*)::int as n from newday.adoptions")) === 2;
}

/** Wallets whose legacy row, moved aside, and whose ledger balances differ, or that one side lacks. */
function differences({ client }: StoryStage): Promise<number> {
  return count(
    client,
    `select count(*)::int as n from newday_legacy.wallets l full join "wallets" w on w.user_id = l.user_id
      where (l.game_coins, l.cash_balance, l.computing_power)
        is distinct from (w.game_coins, w.cash_balance, w.computing_power)`,
  );
}

async function journaled(stage: StoryStage, step: string): Promise<boolean> {
  return (await events(stage, step, "step")) > 0;
}

async function artefact(stage: StoryStage, kind: string): Promise<boolean> {
  return (await events(stage, kind, "kind")) > 0;
}

/** Rows of the repair's journal, whose body names this step or artefact and no failure. */
function events({ client }: StoryStage, name: string, member: "step" | "kind"): Promise<number> {
  return count(
    client,
    `select count(*)::int as n from newday.repair_events, lateral (select body::jsonb as facts) as b
      where facts->>'${member}' = '${name}' and coalesce(facts->>'status', 'done') = 'done'
        and coalesce(facts->>'passed', 'true') = 'true'`,
  );
}

async function count(client: StoryStage["client"], sql: string): Promise<number> {
  const [row] = await client.query<{ n: number }>(sql);
  return row?.n ?? 0;
}
