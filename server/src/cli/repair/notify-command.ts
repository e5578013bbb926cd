import { helpText } from "../usage/help-text.ts";
import type { Command } from "commander";
import { refusal } from "../../errors/refusals.ts";
import { inspect } from "../../repair/catalogue/inspection.ts";
import { readOnly } from "../../repair/connection/connection.ts";
import {
  composeNotice,
  NOTICE_KINDS,
  type Notice,
  type NoticeKind,
} from "../../repair/aftercare/notice.ts";
import { readEnvironmentName } from "../../config.ts";
import type { Message } from "../../lib/messages.ts";
import { printable } from "../../lib/printable.ts";
import type { RunStory } from "../../repair/journal/run-story.ts";
import { notify } from "../../repair/aftercare/notify.ts";
import { parseMoment } from "./period.ts";
import { readNotifySettings } from "./notify-settings.ts";
import { withRun, type OpenRun } from "./run-journal.ts";
import { readAdoptionEvidence } from "../../repair/verify/adopted-objects.ts";
import { WALLETS_REPAIR } from "../../repair/model/wallets.ts";
import {
  EXIT,
  runCommand,
  withSharedOptions,
  type RepairSession,
  type SharedOptions,
} from "./session.ts";

interface NotifyOptions extends SharedOptions {
  readonly kind: string;
  readonly plan?: string;
  readonly at?: string;
  readonly contact?: string;
  readonly print?: boolean;
  readonly partnerAnswer?: string;
  readonly sentByHand?: string;
}

export function registerNotify(parent: Command): void {
  const command = parent.command("notify").description(
    helpText({
      en: "tell the partner: signed webhook, e-mail, chat (settings: NEWDAY_NOTIFY_* of docs/repair)",
      zh: "通知合作方：签名 webhook、邮件、聊天（设置见 docs/repair 的 NEWDAY_NOTIFY_*）",
    }),
  );
  withSharedOptions(command)
    .option(
      "--kind <kind>",
      helpText({
        en: `what to report: ${NOTICE_KINDS.join(", ")}`,
        zh: `通知的类型：${NOTICE_KINDS.join("、")}`,
      }),
      "done",
    )
    .option(
      "--plan <file>",
      helpText({
        en: "the plan of the run; default: the newest run of this database",
        zh: "该次运行的计划；默认为本数据库最近一次运行",
      }),
    )
    .option(
      "--at <time>",
      helpText({
        en: "when it happens, for heads-up; default: now",
        zh: "heads-up 的发生时间；默认现在",
      }),
      parseMoment,
    )
    .option(
      "--contact <text>",
      helpText({
        en: "whom to call; default: NEWDAY_NOTIFY_CONTACT",
        zh: "联系人；默认 NEWDAY_NOTIFY_CONTACT",
      }),
    )
    .option(
      "--print",
      helpText({ en: "show the notice and send nothing", zh: "只显示通知，不发送" }),
    )
    .option(
      "--sent-by-hand <text>",
      helpText({
        en: "record that you sent it yourself, with the evidence; sends nothing",
        zh: "记录您已自行发送，并附证据；不再发送",
      }),
    )
    .option(
      "--partner-answer <text>",
      helpText({
        en: "record what the partner answered, with the evidence",
        zh: "记录合作方的答复及其凭据",
      }),
    )
    .action((options: NotifyOptions) =>
      runCommand(options, (session) =>
        withRun(session, { plan: options.plan, purpose: "notify" }, (run) =>
          sendNotice(session, run, options),
        ),
      ),
    );
}

async function sendNotice(
  session: RepairSession,
  run: OpenRun,
  options: NotifyOptions,
): Promise<number> {
  if (options.partnerAnswer !== undefined) return recordAnswer(session, run, options.partnerAnswer);
  const kind = kindOf(options.kind);
  const settings = readNotifySettings(process.env);
  await refuseUntruth(session, run, kind);
  if (kind === "done") await warnBeforeAdoption(session, run);
  if (options.sentByHand !== undefined)
    return recordSentByHand(session, run, { kind, evidence: options.sentByHand });
  const notice = compose(session, run, {
    ...options,
    kind,
    contact: options.contact ?? settings.contact,
  });
  if (options.print) {
    printNotice(session, notice);
    return EXIT.done;
  }
  if (settings.channels.length === 0) throw refusal("channels_missing", {});
  const deliveries = await notify({
    journal: run.journal,
    emit: session.emit,
    notice,
    channels: settings.channels,
    past: run.story?.events ?? [],
  });
  const told = deliveries.every(({ status }) => status !== "failed");
  if (kind === "done")
    await run.journal.append("step", {
      step: "notify",
      status: told ? "done" : "failed",
      deliveries,
    });
  if (told) return EXIT.done;
  throw refusal("notice_not_delivered", {}, { details: { deliveries } });
}

const NOTICE: Message = { en: "the notice; nothing was sent", zh: "通知内容；未发送" };

function printNotice({ json, emit }: RepairSession, notice: Notice): void {
  const { subject, text, chat } = notice;
  if (json) emit("artefact", NOTICE, { ...notice });
  else process.stdout.write(printable(`${subject}\n\n${text}\n--- chat ---\n${chat}\n`));
}

function kindOf(text: string): NoticeKind {
  const kind = NOTICE_KINDS.find((known) => known === text);
  if (kind) return kind;
  throw refusal(
    "notice_kind_unknown",
    { known: NOTICE_KINDS.join(", ") },
    { details: { option: "--kind" } },
  );
}

/** The runbook adopts before it tells the partner: their page is red until then. */
async function warnBeforeAdoption({ repair, schema, emit }: RepairSession, { client }: OpenRun) {
  if (repair.anchorTable !== WALLETS_REPAIR.anchorTable) return;
  const { openParts = [] } = await readOnly(client, async () =>
    readAdoptionEvidence(client, (await inspect(client, repair, schema)).schema),
  );
  if (openParts.length === 0) return;
  emit("warning", {
    en: `Not adopted yet (${openParts.join(", ")}): the partner's page stays red until \`newday adopt\`. Send this after it.`,
    zh: `尚未接管（${openParts.join("、")}）：在 newday adopt 之前合作方页面仍为红色。请在接管后再发送。`,
  });
}

const UNTRUE = {
  done: "notice_done_untrue",
  "rolled-back": "notice_rollback_untrue",
  "heads-up": "notice_heads_up_untrue",
} as const;

const ROLLED_BACK = ["ROLLED_BACK", "ROLLED_BACK_NOT_VALID"];

/** A notice tells what the catalogue shows and what the journal holds; else it would mislead. */
async function refuseUntruth(session: RepairSession, { client, story }: OpenRun, kind: NoticeKind) {
  if (kind !== "done" && kind !== "rolled-back" && kind !== "heads-up") return;
  const { keys } = await readOnly(client, () => inspect(client, session.repair, session.schema));
  const untrue = kind === "done" ? keys.length > 0 : keys.length === 0;
  if (untrue) throw refusal(UNTRUE[kind], {}, { details: { kind, keys: keys.length } });
  if (kind === "heads-up") return;
  if (kind === "done" ? !wasApplied(story) : !wasRolledBack(story))
    throw refusal(
      kind === "done" ? "notice_done_unjournaled" : "notice_rollback_unjournaled",
      {},
      { details: { kind } },
    );
}

function wasApplied(story: RunStory | undefined): boolean {
  return (story?.steps ?? []).some(
    ({ step, status }) => step === "cut" && (status === "done" || status === "satisfied"),
  );
}

function wasRolledBack(story: RunStory | undefined): boolean {
  return (story?.rollbacks ?? []).some(
    ({ kind, body }) => kind === "rollback" && ROLLED_BACK.includes(String(body["status"])),
  );
}

function compose(
  session: RepairSession,
  { journal, story }: OpenRun,
  options: { kind: NoticeKind; at?: string | undefined; contact: string },
): Notice {
  const facts = {
    environment: story?.environment || readEnvironmentName(process.env) || "-",
    repairTitle: session.repair.title,
    partner: session.repair.partner,
    runId: journal.runId,
    headHash: story?.headHash ?? "",
    at: options.at ?? eventTime(options.kind, story),
    contact: options.contact,
  };
  return composeNotice(options.kind, facts, session.language);
}

/** When it happened, by the journal; the time of sending would date the change wrongly. */
function eventTime(kind: NoticeKind, story: RunStory | undefined): string {
  const happened =
    kind === "done"
      ? (story?.steps.find(({ step }) => step === "cut") ??
        story?.steps.find(({ step }) => step === "verify"))
      : kind === "rolled-back"
        ? story?.rollbacks.findLast(({ kind: row }) => row === "rollback")
        : undefined;
  return happened?.at ?? new Date().toISOString();
}

/** Vouched for by a person: a telephone call or a letter leaves no receipt of ours. */
async function recordSentByHand(
  session: RepairSession,
  { journal }: OpenRun,
  { kind, evidence }: { readonly kind: NoticeKind; readonly evidence: string },
): Promise<number> {
  const facts = { status: "attested", actor: session.operator, why: evidence } as const;
  if (kind === "done") await journal.append("step", { step: "notify", ...facts });
  else await journal.append("artefact", { kind: "notice-by-hand", notice: kind, ...facts });
  session.emit(
    "step",
    {
      en: `Notice "${kind}" sent by hand: ${session.operator} vouches for it (${evidence})`,
      zh: `通知“${kind}”已由人工发送：由 ${session.operator} 担保（${evidence}）`,
    },
    { ...facts, notice: kind },
  );
  return EXIT.done;
}

async function recordAnswer(session: RepairSession, { journal }: OpenRun, answer: string) {
  await journal.append("artefact", { kind: "partner-answer", answer, actor: session.operator });
  session.emit(
    "step",
    { en: "The partner's answer is recorded", zh: "已记录合作方的答复" },
    {
      status: "attested",
    },
  );
  return EXIT.done;
}
