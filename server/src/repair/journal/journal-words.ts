/** The journal's own words for people: English shows the stored word, Chinese its translation. */
import type { Message } from "../../lib/messages.ts";
import type { RunWord } from "./run-state.ts";

/** States keep their name, which the documents and `--json` use. */
const STATES: Readonly<Record<RunWord, string>> = {
  STARTED: "已开始",
  BACKED_UP: "已备份",
  CUTTING: "正在删除外键",
  IN_DOUBT: "存疑",
  BLOCKED: "受阻",
  VERIFIED_DB: "数据库已验证",
  SMOKED: "已通过冒烟测试",
  NOTIFIED: "已通知",
  ROLLED_BACK: "已回滚",
  ROLLED_BACK_NOT_VALID: "已回滚，外键为 NOT VALID",
  FIX_FORWARD: "向前修复",
  ROLLING_BACK: "正在回滚",
  REFUSED_ORPHANS: "因外部用户的行而拒绝",
  CLOSED: "已结束",
  KEY_BACK: "外键再次出现",
  UNBLOCKED: "已解除阻塞",
  FAILED: "失败",
};

const WORDS: Readonly<Record<string, string>> = {
  run: "运行",
  step: "步骤",
  attempt: "尝试",
  artefact: "产物",
  finding: "检查结果",
  rollback: "回滚",
  unblock: "解除阻塞",
  control: "控制",
  outbox: "通知",
  preflight: "预检",
  rehearse: "演练",
  backup: "备份",
  cut: "删除外键",
  verify: "验证",
  smoke: "冒烟测试",
  notify: "通知",
  watch: "监视",
  intent: "准备",
  done: "完成",
  satisfied: "已成立",
  attested: "由人担保",
  skipped: "跳过",
  failed: "失败",
  in_doubt: "存疑",
  started: "开始",
  repaired: "已修复",
  added: "已添加",
  blocked: "受阻",
  refused: "被拒绝",
  aborted: "已中止",
  incomplete: "未完成",
  completed: "完成",
  stopped: "已停止",
  "key-back": "外键再次出现",
  replicas: "备库",
  structure: "结构",
};

/** A kind, step, status or state of the journal; another word is the same in both languages. */
export function journalWord(word: string): Message {
  const state = (STATES as Readonly<Record<string, string>>)[word];
  return { en: word, zh: state === undefined ? (WORDS[word] ?? word) : `${state}（${word}）` };
}
