/**
 * The content of notices to partners.
 *
 * A notice names the database by its environment and the proof by the journal's head hash. User
 * ids, secrets and host names stay out of it.
 */
import type { PartnerTexts } from "../model/definition.ts";
import { fillMessage, type Language, type Message } from "../../lib/messages.ts";

export const NOTICE_KINDS = [
  "heads-up",
  "done",
  "rolled-back",
  "window-closed",
  "watch-alert",
] as const;

export type NoticeKind = (typeof NOTICE_KINDS)[number];

export interface NoticeFacts {
  readonly environment: string;
  readonly repairTitle: Message;
  readonly partner: PartnerTexts;
  readonly runId: string;
  /** Hash of the journal's newest row: the receiver can hold us to what we recorded. */
  readonly headHash: string;
  /** The time of the event, past or planned. */
  readonly at: string;
  /** The contact to call. */
  readonly contact: string;
  /** Further text of a watch or a rollback. */
  readonly detail?: Message | undefined;
}

export interface Notice {
  readonly kind: NoticeKind;
  readonly subject: string;
  readonly text: string;
  /** One short paragraph for a chat room. */
  readonly chat: string;
  readonly facts: NoticeFacts;
}

interface Template {
  readonly subject: Message;
  /** Lines of the body; `{detail}` is omitted when empty. */
  readonly lines: readonly Message[];
}

const TEMPLATES: Readonly<Record<NoticeKind, Template>> = {
  "heads-up": {
    subject: { en: "Planned: {title} ({environment})", zh: "计划通知：{title}（{environment}）" },
    lines: [
      {
        en: "We will change the database of New Day ({environment}) at {at}.",
        zh: "我们将于 {at} 修改 New Day 的数据库（{environment}）。",
      },
      { en: "What changes: {title}.", zh: "变更内容：{title}。" },
      {
        en: "What you will notice: nothing. A request may wait up to a quarter of a second; none should fail.",
        zh: "您会感受到的影响：无。个别请求最多等待四分之一秒，不应失败。",
      },
      {
        en: "What you have to do: nothing. Tell us before that time if you need another one.",
        zh: "您需要做的：无。如需改期，请在此之前告知我们。",
      },
    ],
  },
  done: {
    subject: { en: "Done: {title} ({environment})", zh: "已完成：{title}（{environment}）" },
    lines: [
      {
        en: "The repair of New Day's database ({environment}) was finished at {at} and verified.",
        zh: "New Day 数据库（{environment}）的修复已于 {at} 完成并通过验证。",
      },
      { en: "What is possible now: {gains}.", zh: "现在可以：{gains}。" },
      { en: "How to test: {test}.", zh: "测试方法：{test}。" },
      { en: "Please answer with what you saw.", zh: "请回复测试结果。" },
    ],
  },
  "rolled-back": {
    subject: { en: "Rolled back: {title} ({environment})", zh: "已回滚：{title}（{environment}）" },
    lines: [
      {
        en: "The repair of New Day's database ({environment}) was rolled back at {at}.",
        zh: "New Day 数据库（{environment}）的修复已于 {at} 回滚。",
      },
      { en: "{detail}", zh: "{detail}" },
      { en: "What you will notice: {loses}.", zh: "您会感受到的影响：{loses}。" },
      {
        en: "What you have to do: pause the onboarding of new users until we write again.",
        zh: "您需要做的：在我们再次通知前，请暂停新用户接入。",
      },
    ],
  },
  "window-closed": {
    subject: {
      en: "Rollback window closed: {title} ({environment})",
      zh: "回滚窗口已关闭：{title}（{environment}）",
    },
    lines: [
      {
        en: "Since {at} the repair of New Day's database ({environment}) can no longer be undone exactly: rows of external users exist.",
        zh: "自 {at} 起，New Day 数据库（{environment}）的修复无法再精确撤销：已存在外部用户的数据。",
      },
      { en: "{detail}", zh: "{detail}" },
      {
        en: "What you have to do: nothing. This is the expected end of the rollback window.",
        zh: "您需要做的：无。这是回滚窗口的正常结束。",
      },
    ],
  },
  "watch-alert": {
    subject: { en: "Alert: {title} ({environment})", zh: "告警：{title}（{environment}）" },
    lines: [
      {
        en: "The watch over New Day's database ({environment}) saw something at {at} that should not be.",
        zh: "对 New Day 数据库（{environment}）的监视在 {at} 发现异常。",
      },
      { en: "{detail}", zh: "{detail}" },
      {
        en: "What you will notice until it is mended: {loses}. We are on it.",
        zh: "修复之前您会感受到的影响：{loses}。我们正在处理。",
      },
    ],
  },
};

/** The notice in both languages, the asked-for one first: partners read either. */
export function composeNotice(kind: NoticeKind, facts: NoticeFacts, language: Language): Notice {
  const other: Language = language === "en" ? "zh" : "en";
  const bodies = [language, other].map((each) => body(TEMPLATES[kind].lines, facts, each));
  const subject = fill(TEMPLATES[kind].subject, facts, language);
  const [first = ""] = bodies[0]?.split("\n") ?? [];
  return {
    kind,
    subject: `[New Day] ${subject}`,
    text: `${bodies.join("\n\n---\n\n")}\n`,
    chat: `**${subject}**\n${first}${facts.detail ? `\n${facts.detail[language]}` : ""}`,
    facts,
  };
}

function body(lines: readonly Message[], facts: NoticeFacts, language: Language): string {
  const filled = lines.map((line) => fill(line, facts, language)).filter(Boolean);
  const proof: Message = {
    en: `Contact: {contact}\nRun {run}; journal head ${facts.headHash || "-"}`,
    zh: `联系人：{contact}\n运行编号 {run}；日志链首 ${facts.headHash || "-"}`,
  };
  return [...filled, fill(proof, facts, language)].join("\n");
}

function fill(text: Message, facts: NoticeFacts, language: Language): string {
  return fillMessage(text, {
    title: facts.repairTitle,
    ...facts.partner,
    environment: facts.environment,
    at: facts.at,
    detail: facts.detail ?? "",
    contact: facts.contact,
    run: facts.runId.slice(0, 8),
  })[language];
}
