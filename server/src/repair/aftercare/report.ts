/**
 * The runbook of one run as Markdown, generated from its journal and the present state.
 *
 * It replaces the checklist on paper: every box is evidence, so document and reality stay together.
 * Secrets and user ids stay out.
 */
import type { RunStory, StoryEvent } from "../journal/run-story.ts";
import type { RepairDefinition } from "../model/definition.ts";
import type { PlannedKey } from "../model/plan.ts";
import { rollbackWindow, type FinalStatus } from "../verify/final-status.ts";
import { fromMembers, type Language, type Message } from "../../lib/messages.ts";
import type { AdoptionEvidence } from "../verify/adopted-objects.ts";
import type { Verification } from "../verify/verify.ts";
import { journalWord } from "../journal/journal-words.ts";
import { checklist, type ChecklistItem } from "./checklist.ts";

export interface ReportInput {
  readonly story: RunStory;
  readonly repair: RepairDefinition;
  readonly now: Verification;
  /** Undefined for a repair of other tables than New Day's own. */
  readonly adoption: AdoptionEvidence | undefined;
  readonly status: Pick<FinalStatus, "strangers" | "blockingOrphans">;
  readonly at: Date;
  readonly language: Language;
}

const LEGEND: Message = {
  en: "☐ pending · ▶ begun · ☑ verified · ☑ᵒ found to be true already · ✎ vouched for by a person · ⊘ skipped with a reason · ✗ failed · ? in doubt · ↺ was verified and is no longer true",
  zh: "☐ 待办 · ▶ 已开始 · ☑ 已验证 · ☑ᵒ 发现已成立 · ✎ 由人担保 · ⊘ 有理由地跳过 · ✗ 失败 · ? 存疑 · ↺ 曾通过验证但现已不成立",
};

export async function renderReport(input: ReportInput): Promise<string> {
  const t = (text: Message) => text[input.language];
  const items = await checklist(input.story, input.now, input.adoption);
  return `${[
    ...head(input, t),
    `## ${t({ en: "Checklist", zh: "检查清单" })}`,
    "",
    ...items.map((item) => line(item, t)),
    "",
    `> ${t(LEGEND)}`,
    "",
    ...change(input, t),
    ...rollbackSection(input, t),
    ...diary(input, t),
  ].join("\n")}\n`;
}

type Translate = (text: Message) => string;

function head({ story, repair, at }: ReportInput, t: Translate): string[] {
  const facts: readonly (readonly [Message, string])[] = [
    [{ en: "Environment", zh: "环境" }, story.environment],
    [{ en: "Database", zh: "数据库" }, story.database],
    [{ en: "Repair", zh: "修复" }, `${repair.id}: ${t(repair.title)}`],
    [{ en: "Run", zh: "运行" }, story.runId],
    [{ en: "Plan", zh: "计划" }, story.planHash],
    [{ en: "Begun", zh: "开始" }, story.startedAt],
    [{ en: "By", zh: "执行人" }, story.operator],
    [{ en: "Tool", zh: "工具" }, story.tool],
    [{ en: "Journal", zh: "日志" }, journalWords(story, t)],
    [{ en: "This report", zh: "报告时间" }, at.toISOString()],
  ];
  return [
    `# ${t({ en: "Runbook", zh: "运行手册" })}: ${t(repair.title)} (${story.environment})`,
    "",
    "| | |",
    "| --- | --- |",
    ...facts.map(([name, value]) => `| ${t(name)} | ${cell(value || "-")} |`),
    "",
  ];
}

function journalWords({ intact, events, headHash }: RunStory, t: Translate): string {
  return intact
    ? t({
        en: `intact, ${events.length} entries, head \`${headHash}\``,
        zh: `完整，${events.length} 条，链首 \`${headHash}\``,
      })
    : t({ en: "EDITED: the chain of hashes is broken", zh: "已被改动：哈希链断裂" });
}

function line({ box, title, at, evidence }: ChecklistItem, t: Translate): string {
  const when = at === "" ? "" : ` · ${at}`;
  const words = t(evidence);
  return `- ${box} **${t(title)}**${when}${words === "" ? "" : `  \n  ${words}`}`;
}

function change({ story }: ReportInput, t: Translate): string[] {
  const attempts = story.events.filter(({ kind }) => kind === "attempt").length;
  const keys = keysOf(story);
  return [
    `## ${t({ en: "What was changed", zh: "更改内容" })}`,
    "",
    ...keys.map(
      ({ table, name }) => `- ${t({ en: "dropped", zh: "已删除" })} \`${table}\` \`${name}\``,
    ),
    `- ${t({ en: `transactions begun for it: ${attempts}`, zh: `为此开启的事务：${attempts}` })}`,
    ...story.rollbacks
      .filter(({ kind }) => kind === "rollback")
      .map((event) => rolledBack(event, t)),
    "",
  ];
}

function rolledBack(event: StoryEvent, t: Translate): string {
  return `- ${event.at} ${t({ en: "rollback", zh: "回滚" })}: ${cell(entryWords(event, t))}`;
}

function rollbackSection({ story, status, now }: ReportInput, t: Translate): string[] {
  const { adopted } = now.inspection;
  const closed = status.blockingOrphans !== 0;
  return [
    `## ${t({ en: "Rollback options, as of this report", zh: "截至本报告的回滚可能" })}`,
    "",
    `${t(rollbackWindow({ ...status, adopted }))}${t({
      en: ". `newday repair rollback --plan` counts anew and lists every option.",
      zh: "。`newday repair rollback --plan` 会重新统计并列出所有选项。",
    })}`,
    "",
    ...(adopted ? [] : restoreStatements(story, closed, t)),
  ];
}

/** After the adoption the anchor table is a view, which takes no key. */
function restoreStatements(story: RunStory, closed: boolean, t: Translate): string[] {
  return [
    ...(closed
      ? [
          t({
            en: "Do not run the statements below: rows of external users stand in their way.",
            zh: "请勿执行以下语句：已有外部用户的行。",
          }),
          "",
        ]
      : []),
    "```sql",
    ...keysOf(story).map(({ restoreSql }) => restoreSql),
    "```",
    "",
  ];
}

function keysOf(story: RunStory): readonly Pick<PlannedKey, "table" | "name" | "restoreSql">[] {
  const started = story.events.find(
    ({ kind, body }) => kind === "run" && body["status"] === "started",
  );
  return (started?.body["keys"] ?? []) as readonly PlannedKey[];
}

function diary({ story }: ReportInput, t: Translate): string[] {
  return [
    `## ${t({ en: "Journal", zh: "日志" })}`,
    "",
    `| ${t({ en: "time (UTC)", zh: "时间 (UTC)" })} | ${t({ en: "what", zh: "类别" })} | ${t({ en: "entry", zh: "内容" })} | ${t({ en: "hash", zh: "哈希" })} |`,
    "| --- | --- | --- | --- |",
    ...[...story.events, ...story.rollbacks].map(
      (event) =>
        `| ${event.at} | ${t(journalWord(event.kind))} | ${cell(entryWords(event, t))} | \`${event.hash.slice(0, 8)}\` |`,
    ),
  ];
}

/** A short text of an entry; user ids stay out. */
function entryWords({ body }: StoryEvent, t: Translate): string {
  return [
    "step",
    "status",
    "kind",
    "notice",
    "channel",
    "outcome",
    "option",
    "verb",
    "by",
    "reason",
    "transactionId",
    "error",
    "why",
  ]
    .map((name) => fromMembers(body, name))
    .filter((text) => text !== undefined)
    .map((text) => t(text.en === text.zh ? journalWord(text.en) : text))
    .join(" · ");
}

function cell(text: string): string {
  return text.replaceAll("|", String.raw`\|`).replaceAll("\n", " ");
}
