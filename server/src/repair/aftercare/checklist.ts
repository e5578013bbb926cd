/**
 * The checklist of the runbook: a box is ticked by evidence that can be read again.
 *
 * Steps with a lasting result are probed anew; a box that was verified and is no longer true says
 * so (docs/repair/design.md 5).
 */
import { journalWord } from "../journal/journal-words.ts";
import { existsSync } from "node:fs";
import { fileHash } from "../backup/take-backup.ts";
import type { RunStory, StoryEvent, StoryStep } from "../journal/run-story.ts";
import type { StepStatus } from "../journal/step.ts";
import { fromMembers, joinMessages, type Message, verbatim } from "../../lib/messages.ts";
import { counted, keyNames } from "../model/text.ts";
import type { AdoptionEvidence } from "../verify/adopted-objects.ts";
import type { Verification } from "../verify/verify.ts";

export type Box = "☐" | "▶" | "☑" | "☑ᵒ" | "✎" | "⊘" | "✗" | "↺" | "?";

export interface ChecklistItem {
  readonly box: Box;
  readonly title: Message;
  readonly at: string;
  readonly evidence: Message;
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
  readonly words: Message;
}

const NOT_YET: Message = { en: "not done", zh: "未执行" };

/**
 * The boxes in the order of the runbook. `now` is the verification of this very minute; `adoption` is
 * undefined for a repair of other tables than New Day's own.
 */
export async function checklist(
  story: RunStory,
  now: Verification,
  adoption: AdoptionEvidence | undefined,
): Promise<ChecklistItem[]> {
  const step = (key: StoryStep["step"]) => story.steps.find((each) => each.step === key);
  const items = [
    item(
      { en: "Rehearsed on a restored copy", zh: "在恢复的副本上演练" },
      step("rehearse"),
      rehearsed(step("rehearse")),
    ),
    item(
      { en: "Backup, restored and compared", zh: "备份，已恢复并比对" },
      step("backup"),
      await backedUp(step("backup")),
    ),
    artefactItem(story, "smoke-red", {
      en: "API smoke, red before the drop",
      zh: "API 冒烟测试，修复前为红",
    }),
    item({ en: "Foreign keys dropped", zh: "删除外键" }, step("cut"), cut(now)),
    item(
      { en: "Verified by catalogue and behaviour", zh: "以目录与行为验证" },
      step("verify"),
      verificationProbe(now),
    ),
    item(
      { en: "API smoke, green and bound to this database", zh: "API 冒烟测试，绿且确认连接本库" },
      step("smoke"),
      smoked(step("smoke")),
    ),
    ...adoptedItem(adoption),
    artefactItem(story, "integration-page", { en: "Integration page", zh: "集成页面" }),
    item({ en: "Partner told", zh: "已通知合作方" }, step("notify"), notified(step("notify"))),
    artefactItem(story, "partner-answer", { en: "Partner answered", zh: "合作方已答复" }),
    item({ en: "Watched", zh: "监视" }, step("watch"), watched(step("watch"), now)),
  ];
  const rollback = story.rollbacks.findLast(({ kind }) => kind === "rollback");
  return rollback ? [...items, rollbackItem(rollback)] : items;
}

/** Of New Day's own wallets only; the catalogue is the evidence, because the adoption has no step. */
function adoptedItem(evidence: AdoptionEvidence | undefined): ChecklistItem[] {
  if (!evidence) return [];
  const title: Message = {
    en: "Adopted: the point of no return of the rollback",
    zh: "接管：此后不可回滚",
  };
  const shown = adoptionBox(evidence);
  return [{ title, at: shown.box === "☐" ? "" : (evidence.adoptedAt ?? ""), ...shown }];
}

function adoptionBox({
  openParts = [],
  objects,
}: AdoptionEvidence): Pick<ChecklistItem, "box" | "evidence"> {
  const replaced = objects.filter(({ refusesWrites }) => refusesWrites).map(({ name }) => name);
  const open = objects.filter(({ refusesWrites }) => !refusesWrites).map(({ name }) => name);
  if (replaced.length === 0) return { box: "☐", evidence: ADOPTION_DUE };
  if (openParts.length > 0)
    return {
      box: "▶",
      evidence: {
        en: `begun, still to be adopted: ${openParts.join(", ")}; run \`newday adopt\` again, it continues`,
        zh: `已开始，尚待接管：${openParts.join("、")}；请再次运行 newday adopt，它会继续`,
      },
    };
  if (open.length > 0)
    return {
      box: "↺",
      evidence: {
        en: `now: takes writes of an old server again: ${open.join(", ")}; what is written there is in no ledger`,
        zh: `现在：再次接受旧服务器的写入：${open.join("、")}；写入其中的内容不在账本中`,
      },
    };
  return {
    box: "☑",
    evidence: {
      en: `now: no write of an old server is taken by ${replaced.join(", ")}`,
      zh: `现在：以下均拒绝旧服务器的写入：${replaced.join("、")}`,
    },
  };
}

const ADOPTION_DUE: Message = {
  en: "not done: `newday adopt --dry-run`, then `newday adopt`; until then writes of items and purchases are refused (ADOPTION_DUE)",
  zh: "未执行：newday adopt --dry-run，再 newday adopt；在此之前拒绝写入道具与购买（ADOPTION_DUE）",
};

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
  const { status, option } = body as { status: string; option?: string };
  const words = [...(option === undefined ? [] : [verbatim(option)]), journalWord(status)];
  const error = fromMembers(body, "error");
  const evidence = joinMessages(error ? [...words, error] : words, ": ");
  const box = ROLLBACK_BOXES[status] ?? "✗";
  return { box, title: { en: "Rolled back", zh: "回滚" }, at, evidence };
}

function item(title: Message, step: StoryStep | undefined, probe: Probe): ChecklistItem {
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
  const isVerified = step.status === "done" || step.status === "satisfied";
  const box = isVerified && probe.holds === false ? "↺" : BOXES[step.status];
  return { box, title, at: step.at, evidence: evidenceOf(step, probe) };
}

function evidenceOf({ status, evidence }: StoryStep, probe: Probe): Message {
  const { actor = "?" } = evidence as { actor?: string };
  const error = fromMembers(evidence, "error");
  if (error) return error;
  const why = fromMembers(evidence, "why") ?? verbatim("");
  if (status === "attested" || status === "skipped")
    return { en: `${actor}: ${why.en}`, zh: `${actor}：${why.zh}` };
  return probe.words;
}

function artefactItem(story: RunStory, kind: string, title: Message): ChecklistItem {
  const found = story.events.findLast(
    (event) => event.kind === "artefact" && event.body["kind"] === kind,
  );
  if (!found) return { box: "☐", title, at: "", evidence: NOT_YET };
  const { passed, words, answer, actor } = found.body as {
    passed?: boolean;
    words?: Message;
    answer?: string;
    actor?: string;
  };
  if (answer !== undefined)
    return {
      box: "✎",
      title,
      at: found.at,
      evidence: { en: `${actor}: ${answer}`, zh: `${actor}：${answer}` },
    };
  const seen: Message = passed
    ? {
        en: "an external user was refused, a known user was not",
        zh: "外部用户被拒绝，已知用户正常",
      }
    : { en: "see the journal", zh: "见日志" };
  const evidence = words ?? seen;
  return { box: passed ? "☑" : "✗", title, at: found.at, evidence };
}

function cut({ inspection }: Verification): Probe {
  const names = keyNames(inspection.keys);
  if (inspection.keys.length === 0)
    return {
      holds: true,
      words: {
        en: "now: no key of this kind in pg_constraint",
        zh: "现在：pg_constraint 中没有此类外键",
      },
    };
  return {
    holds: false,
    words: { en: `now: present again: ${names}`, zh: `现在：再次存在：${names}` },
  };
}

function verificationProbe({ checks, verified }: Verification): Probe {
  const list = checks.map(({ ok, text }) => [mark(ok), text] as const);
  return {
    holds: verified,
    words: {
      en: `now: ${list.map(([sign, text]) => `${sign} ${text.en}`).join("; ")}`,
      zh: `现在：${list.map(([sign, text]) => `${sign} ${text.zh}`).join("；")}`,
    },
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
  if (path === undefined || sha256 === undefined)
    return { holds: undefined, words: { en: "", zh: "" } };
  const { en, zh }: Message = restored
    ? { en: "restored and equal when it was taken", zh: "备份时已恢复且一致" }
    : { en: "read to its end, not restored", zh: "已完整读取，未恢复" };
  const { en: without, zh: withoutZh } = leftOut(structureOnly ?? []);
  const proof: Message = { en: `${en}${without}`, zh: `${zh}${withoutZh}` };
  // The dump's file is unknown on any other machine.
  if (!existsSync(path))
    return {
      holds: undefined,
      words: {
        en: `${path} (not on this machine); ${proof.en}`,
        zh: `${path}（不在本机）；${proof.zh}`,
      },
    };
  const same = (await fileHash(path)) === sha256;
  const short = sha256.slice(0, 12);
  return {
    holds: same,
    words: same
      ? {
          en: `${path}, sha256 ${short}…, unchanged now; ${proof.en}`,
          zh: `${path}，sha256 ${short}…，现未改变；${proof.zh}`,
        }
      : { en: `${path} was changed since: another sha256`, zh: `${path} 已被改动：sha256 不同` },
  };
}

/** Enough to recognise the kind of the tables; the dump's note names every one. */
const TABLES_SHOWN = 5;

/** The tables that a restore of this dump would leave empty. */
function leftOut(tables: readonly string[]): Message {
  if (tables.length === 0) return { en: "", zh: "" };
  const more = tables.length > TABLES_SHOWN ? ", …" : "";
  const names = `${tables.slice(0, TABLES_SHOWN).join(", ")}${more}`;
  return {
    en: `; without the rows of ${counted(tables.length, "table")} (${names}): not a backup of the whole database (--full is)`,
    zh: `；不含 ${tables.length} 张表的数据行（${names}）：并非整库备份（--full 才是）`,
  };
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
    words: {
      en: `PostgreSQL ${server}, ${rows} rows, drop ${dropMs} ms, ${rollbacks?.length ?? 0} rollback options tried`,
      zh: `PostgreSQL ${server}，${rows} 行，删除 ${dropMs} ms，已试 ${rollbacks?.length ?? 0} 次回滚`,
    },
  };
}

function smoked(step: StoryStep | undefined): Probe {
  const { checks = [], left = [] } = (step?.evidence ?? {}) as {
    checks?: readonly { ok?: boolean; text: string; textZh?: string }[];
    left?: readonly string[];
  };
  const failed = checks.filter(({ ok }) => ok === false);
  const bad = joinMessages(
    failed.map((check) => fromMembers(check, "text") ?? verbatim("?")),
    "; ",
  );
  const count = `${checks.length - failed.length}/${checks.length}${failed.length > 0 ? ": " : ""}`;
  return {
    holds: undefined,
    words: {
      en: `checks ${count}${bad.en}; synthetic rows left: ${left.length}`,
      zh: `检查 ${count}${bad.zh}；遗留合成数据：${left.length}`,
    },
  };
}

function notified(step: StoryStep | undefined): Probe {
  const { deliveries = [] } = (step?.evidence ?? {}) as {
    deliveries?: readonly { channel: string; status: string; answer: string }[];
  };
  const words = deliveries.map(
    ({ channel, status, answer }) => `${channel}: ${status} (${answer})`,
  );
  return { holds: undefined, words: { en: words.join("; "), zh: words.join("；") } };
}

function watched(step: StoryStep | undefined, now: Verification): Probe {
  const words = fromMembers(step?.evidence ?? {}, "words") ?? verbatim("");
  const holds = step === undefined || now.inspection.keys.length === 0 ? undefined : false;
  return { holds, words };
}
