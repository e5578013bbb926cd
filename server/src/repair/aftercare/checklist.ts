/**
 * The checklist of the runbook: a box is ticked by evidence that can be read again.
 *
 * Steps with a lasting result are probed anew; a box that was verified and is no longer true says
 * so (docs/repair/design.md 5).
 */
import { existsSync } from "node:fs";
import { fileHash } from "../backup/take-backup.ts";
import type { RunStory, StoryEvent, StoryStep } from "../journal/run-story.ts";
import type { StepStatus } from "../journal/step.ts";
import { counted, type Text } from "../model/text.ts";
import { WALLETS_REPAIR } from "../model/wallets.ts";
import type { Verification } from "../verify/verify.ts";

export type Box = "☐" | "▶" | "☑" | "☑ᵒ" | "✎" | "⊘" | "✗" | "↺" | "?";

export interface ChecklistItem {
  readonly box: Box;
  readonly title: Text;
  readonly at: string;
  readonly evidence: Text;
}

const BOXES: Readonly<Record<StepStatus, Box>> = {
  intent: "▶",
  done: "☑",
  satisfied: "☑ᵒ",
  attested: "✎",
  skipped: "⊘",
  failed: "✗",
  in_doubt: "?",
};

/** The present result of a step's probe; undefined where it is unreachable from here. */
interface Probe {
  readonly holds: boolean | undefined;
  readonly words: Text;
}

const NOT_YET: Text = ["not done", "未执行"];

/** The boxes in the order of the runbook. `now` is the verification of this very minute. */
export async function checklist(story: RunStory, now: Verification): Promise<ChecklistItem[]> {
  const step = (key: StoryStep["step"]) => story.steps.find((each) => each.step === key);
  const items = [
    item(
      ["Rehearsed on a restored copy", "在恢复的副本上演练"],
      step("rehearse"),
      rehearsed(step("rehearse")),
    ),
    item(
      ["Backup, restored and compared", "备份，已恢复并比对"],
      step("backup"),
      await backedUp(step("backup")),
    ),
    artefactItem(story, "smoke-red", ["API smoke, red before the cut", "API 冒烟测试，修复前为红"]),
    item(["Foreign keys dropped", "删除外键"], step("cut"), cut(now)),
    item(["Proven by catalogue and behaviour", "以目录与行为验证"], step("verify"), verified(now)),
    item(
      ["API smoke, green and bound to this database", "API 冒烟测试，绿且确认连接本库"],
      step("smoke"),
      smoked(step("smoke")),
    ),
    ...adoptedItem(now),
    artefactItem(story, "integration-page", ["Integration page", "集成页面"]),
    item(["Partner told", "已通知合作方"], step("notify"), told(step("notify"))),
    artefactItem(story, "partner-answer", ["Partner answered", "合作方已答复"]),
    item(["Watched", "监视"], step("watch"), watched(step("watch"), now)),
  ];
  const rollback = story.rollbacks.findLast(({ kind }) => kind === "rollback");
  return rollback ? [...items, rollbackItem(rollback)] : items;
}

/** Of New Day's own wallets only; the catalogue is the evidence, because the adoption has no step. */
function adoptedItem({ inspection }: Verification): ChecklistItem[] {
  if (inspection.anchorTable !== WALLETS_REPAIR.anchorTable) return [];
  const title: Text = ["Adopted: the point of no return of the rollback", "接管：此后不可回滚"];
  const evidence: Text = inspection.adopted
    ? ["now: wallets is a view over the ledger", "现在：wallets 是账本之上的视图"]
    : [
        "not done: `newday adopt --dry-run`, then `newday adopt`; until then writes of items and purchases are refused (ADOPTION_DUE)",
        "未执行：newday adopt --dry-run，再 newday adopt；在此之前拒绝写入道具与购买（ADOPTION_DUE）",
      ];
  return [{ box: inspection.adopted ? "☑" : "☐", title, at: "", evidence }];
}

const ROLLBACK_BOXES: Readonly<Record<string, Box>> = {
  intent: "▶",
  added: "▶",
  incomplete: "▶",
  in_doubt: "?",
  ROLLED_BACK: "☑",
  ROLLED_BACK_NOT_VALID: "☑",
  FIX_FORWARD: "☑",
};

/** Present after a rollback, done or tried. */
function rollbackItem({ at, body }: StoryEvent): ChecklistItem {
  const { status, option, error } = body as { status: string; option?: string; error?: string };
  const words = [option, status, error].filter((word) => word !== undefined).join(": ");
  const box = ROLLBACK_BOXES[status] ?? "✗";
  return { box, title: ["Rolled back", "回滚"], at, evidence: [words, words] };
}

function item(title: Text, step: StoryStep | undefined, probe: Probe): ChecklistItem {
  if (!step) {
    // The catalogue decides: another person's manual change is done.
    const observed = probe.holds === true;
    return {
      box: observed ? "☑ᵒ" : "☐",
      title,
      at: "",
      evidence: observed ? probe.words : NOT_YET,
    };
  }
  const proven = step.status === "done" || step.status === "satisfied";
  const box = proven && probe.holds === false ? "↺" : BOXES[step.status];
  return { box, title, at: step.at, evidence: evidenceOf(step, probe) };
}

function evidenceOf({ status, evidence }: StoryStep, probe: Probe): Text {
  const { why, actor, error } = evidence as { why?: string; actor?: string; error?: string };
  if (error !== undefined) return [error, error];
  if (status === "attested" || status === "skipped")
    return [`${actor ?? "?"}: ${why ?? ""}`, `${actor ?? "?"}：${why ?? ""}`];
  return probe.words;
}

function artefactItem(story: RunStory, kind: string, title: Text): ChecklistItem {
  const found = story.events.findLast(
    (event) => event.kind === "artefact" && event.body["kind"] === kind,
  );
  if (!found) return { box: "☐", title, at: "", evidence: NOT_YET };
  const { passed, words, answer, actor } = found.body as {
    passed?: boolean;
    words?: Text;
    answer?: string;
    actor?: string;
  };
  if (answer !== undefined)
    return {
      box: "✎",
      title,
      at: found.at,
      evidence: [`${actor}: ${answer}`, `${actor}：${answer}`],
    };
  const seen: Text = passed
    ? ["an external user was refused, a known user was not", "外部用户被拒绝，已知用户正常"]
    : ["see the journal", "见日志"];
  const evidence = words ?? seen;
  return { box: passed ? "☑" : "✗", title, at: found.at, evidence };
}

function cut({ inspection }: Verification): Probe {
  const names = inspection.keys.map(({ table, name }) => `${table} "${name}"`).join(", ");
  if (inspection.keys.length === 0)
    return {
      holds: true,
      words: ["now: no key of this kind in pg_constraint", "现在：pg_constraint 中没有此类外键"],
    };
  return { holds: false, words: [`now: present again: ${names}`, `现在：再次存在：${names}`] };
}

function verified({ checks, proven }: Verification): Probe {
  const list = checks.map(({ ok, text }) => [mark(ok), text] as const);
  return {
    holds: proven,
    words: [
      `now: ${list.map(([sign, text]) => `${sign} ${text[0]}`).join("; ")}`,
      `现在：${list.map(([sign, text]) => `${sign} ${text[1]}`).join("；")}`,
    ],
  };
}

function mark(ok: boolean | undefined): string {
  if (ok === undefined) return "?";
  return ok ? "✓" : "✗";
}

async function backedUp(step: StoryStep | undefined): Promise<Probe> {
  const { path, sha256, restored, structureOnly } = (step?.evidence ?? {}) as {
    path?: string;
    sha256?: string;
    restored?: boolean;
    structureOnly?: readonly string[];
  };
  if (path === undefined || sha256 === undefined) return { holds: undefined, words: ["", ""] };
  const [en, zh]: Text = restored
    ? ["restored and equal when it was taken", "备份时已恢复且一致"]
    : ["read to its end, not restored", "已完整读取，未恢复"];
  const [without, withoutZh] = leftOut(structureOnly ?? []);
  const proof: Text = [`${en}${without}`, `${zh}${withoutZh}`];
  // The dump's file is unknown on any other machine.
  if (!existsSync(path))
    return {
      holds: undefined,
      words: [`${path} (not on this machine); ${proof[0]}`, `${path}（不在本机）；${proof[1]}`],
    };
  const same = (await fileHash(path)) === sha256;
  const short = sha256.slice(0, 12);
  return {
    holds: same,
    words: same
      ? [
          `${path}, sha256 ${short}…, unchanged now; ${proof[0]}`,
          `${path}，sha256 ${short}…，现未改变；${proof[1]}`,
        ]
      : [`${path} was changed since: another sha256`, `${path} 已被改动：sha256 不同`],
  };
}

/** Enough to recognise the kind of the tables; the dump's note names every one. */
const TABLES_SHOWN = 5;

/** The tables that a restore of this dump would leave empty. */
function leftOut(tables: readonly string[]): Text {
  if (tables.length === 0) return ["", ""];
  const more = tables.length > TABLES_SHOWN ? ", …" : "";
  const names = `${tables.slice(0, TABLES_SHOWN).join(", ")}${more}`;
  return [
    `; without the rows of ${counted(tables.length, "table")} (${names}): not a backup of the whole database (--full is)`,
    `；不含 ${tables.length} 张表的数据行（${names}）：并非整库备份（--full 才是）`,
  ];
}

function rehearsed(step: StoryStep | undefined): Probe {
  const { server, rows, dropMs, rollbacks } = (step?.evidence ?? {}) as {
    server?: string;
    rows?: number;
    dropMs?: number;
    rollbacks?: readonly unknown[];
  };
  return {
    holds: undefined,
    words: [
      `PostgreSQL ${server}, ${rows} rows, drop ${dropMs} ms, ${rollbacks?.length ?? 0} rollback options tried`,
      `PostgreSQL ${server}，${rows} 行，删除 ${dropMs} ms，已试 ${rollbacks?.length ?? 0} 次回滚`,
    ],
  };
}

function smoked(step: StoryStep | undefined): Probe {
  const { checks = [], left = [] } = (step?.evidence ?? {}) as {
    checks?: readonly { ok?: boolean; text: string }[];
    left?: readonly string[];
  };
  const bad = checks.filter(({ ok }) => ok === false).map(({ text }) => text);
  const words = `${checks.length - bad.length}/${checks.length}${bad.length > 0 ? `: ${bad.join("; ")}` : ""}`;
  return {
    holds: undefined,
    words: [
      `checks ${words}; synthetic rows left: ${left.length}`,
      `检查 ${words}；遗留合成数据：${left.length}`,
    ],
  };
}

function told(step: StoryStep | undefined): Probe {
  const { deliveries = [] } = (step?.evidence ?? {}) as {
    deliveries?: readonly { channel: string; status: string; answer: string }[];
  };
  const words = deliveries.map(
    ({ channel, status, answer }) => `${channel}: ${status} (${answer})`,
  );
  return { holds: undefined, words: [words.join("; "), words.join("；")] };
}

function watched(step: StoryStep | undefined, now: Verification): Probe {
  const { words = "" } = (step?.evidence ?? {}) as { words?: string };
  const holds = step === undefined || now.inspection.keys.length === 0 ? undefined : false;
  return { holds, words: [words, words] };
}
