import { helpText } from "../usage/help-text.ts";
import { Option, type Command } from "commander";
import { readEnvironmentName } from "../../config.ts";
import { refusal } from "../../errors/refusals.ts";
import { inspect } from "../../repair/catalogue/inspection.ts";
import { readOnly, withRepairConnection } from "../../repair/connection/connection.ts";
import { findDroppedKeys } from "../../repair/journal/dropped-keys.ts";
import { composeNotice, type NoticeKind } from "../../repair/aftercare/notice.ts";
import { notify } from "../../repair/aftercare/notify.ts";
import { type Message, toMembers } from "../../lib/messages.ts";
import { readStructureDocument } from "../../repair/catalogue/structure-document.ts";
import { watch, type WatchResult } from "../../repair/aftercare/watch.ts";
import { readNotifySettings } from "./notify-settings.ts";
import { parsePeriod } from "./period.ts";
import { withRun } from "./run-journal.ts";
import {
  EXIT,
  runCommand,
  withSharedOptions,
  type RepairSession,
  type SharedOptions,
} from "./session.ts";
import { abortOnSignal } from "./signals.ts";

interface WatchOptions extends SharedOptions {
  readonly for: number;
  readonly every: number;
  readonly plan?: string;
  readonly notify?: boolean;
}

const EXIT_KEY_IS_BACK = 10;
/** A day holds every nightly job and usually a deployment; a shorter watch proves too little. */
const SHORTEST_CLOSING_WATCH_MS = 24 * 60 * 60 * 1000;

export function registerWatch(parent: Command): void {
  const command = parent.command("watch").description(
    helpText({
      en: "watch for a while whether the key comes back and external users arrive; exit 10 if it does",
      zh: "观察一段时间：外键是否重现、外部用户是否到来；若外键重现则以 10 退出",
    }),
  );
  withSharedOptions(command)
    .addOption(
      new Option(
        "--for <period>",
        helpText({
          en: "how long: 30s, 10m, 24h, 7d; 0s inspects once",
          zh: "时长：30s、10m、24h、7d；0s 表示只看一次",
        }),
      )
        .argParser(parsePeriod)
        .default(0, "0s"),
    )
    .addOption(
      new Option(
        "--every <period>",
        helpText({ en: "pause between two inspections", zh: "两次观察之间的间隔" }),
      )
        .argParser(parsePeriod)
        .default(60_000, "1m"),
    )
    .option(
      "--plan <file>",
      helpText({
        en: "the plan of the run; default: the newest run of this database",
        zh: "该次运行的计划；默认为本数据库最近一次运行",
      }),
    )
    .option(
      "--notify",
      helpText({
        en: "tell the partner when the key is back or the rollback window closes",
        zh: "外键重现或回滚窗口关闭时通知合作方",
      }),
    )
    .action((options: WatchOptions) =>
      runCommand(options, (session) => watchCommand(session, options)),
    );
}

async function watchCommand(session: RepairSession, options: WatchOptions): Promise<number> {
  await refuseUnrepaired(session);
  const result = await watch({
    target: session.target,
    repair: session.repair,
    schema: session.schema,
    forMs: options.for,
    everyMs: options.every,
    emit: session.emit,
    signal: abortOnSignal(session.emit),
    onWindowClosed: (orphanRows) =>
      alert(session, options, "window-closed", {
        en: `Rows of external users: ${orphanRows}.`,
        zh: `外部用户的行数：${orphanRows}。`,
      }),
  });
  await journalWatch(session, options, result);
  if (result.outcome === "key-back") {
    await alert(session, options, "watch-alert", result.text);
    session.emit("warning", {
      en: "the key is back; make a new plan",
      zh: "外键再次出现；请重新制定计划",
    });
    return EXIT_KEY_IS_BACK;
  }
  session.emit("note", result.text, { ...result });
  if (options.for > 0 && options.for < SHORTEST_CLOSING_WATCH_MS)
    session.emit("note", {
      en: "a watch of less than 24h does not close the run: watch again with --for 24h or longer",
      zh: "不足 24 小时的监视不会结束该运行：请用 --for 24h 或更长时间再次监视",
    });
  return EXIT.done;
}

/** A key that stood all along did not come back; reporting a return would blame an ORM. */
async function refuseUnrepaired({ target, repair, schema }: RepairSession): Promise<void> {
  const { keys, cut } = await withRepairConnection(target, "watch", (client) =>
    readOnly(client, async () => ({
      keys: (await inspect(client, repair, schema)).keys.length,
      cut: (await findDroppedKeys(client, { repairId: repair.id, schema })) !== undefined,
    })),
  );
  if (keys === 0 || cut) return;
  throw refusal("nothing_to_watch", {}, { details: { keys } });
}

/**
 * An interrupted watch is journaled and leaves its step open. A run's first watch also keeps the
 * structure, for `drift` to compare with later.
 */
async function journalWatch(session: RepairSession, options: WatchOptions, result: WatchResult) {
  const { text, ...facts } = result;
  const { target, repair, schema } = session;
  await withRun(session, { plan: options.plan, purpose: "watch" }, async ({ journal, story }) => {
    const known = story?.events.some(({ body }) => body["kind"] === "structure") ?? false;
    if (!known && result.outcome !== "key-back") {
      const document = await readStructureDocument(target, repair, schema);
      await journal.append("artefact", { kind: "structure", document });
    }
    const body = { ...facts, forMs: options.for, ...toMembers("words", text) };
    if (result.outcome === "completed" && options.for >= SHORTEST_CLOSING_WATCH_MS)
      await journal.append("step", { step: "watch", status: "done", ...body });
    else if (result.outcome === "key-back")
      await journal.append("step", { step: "watch", status: "failed", ...body });
    else await journal.append("artefact", { kind: "watch", ...body });
  });
}

async function alert(
  session: RepairSession,
  options: WatchOptions,
  kind: NoticeKind,
  detail: Message,
) {
  if (!options.notify) return;
  const { channels, contact } = readNotifySettings(process.env);
  await withRun(session, { plan: options.plan, purpose: "notify" }, async ({ journal, story }) => {
    const notice = composeNotice(
      kind,
      {
        environment: story?.environment || readEnvironmentName(process.env) || "-",
        repairTitle: session.repair.title,
        partner: session.repair.partner,
        runId: journal.runId,
        headHash: story?.headHash ?? "",
        at: new Date().toISOString(),
        contact,
        detail,
      },
      session.language,
    );
    const past = story?.events ?? [];
    await notify({ journal, emit: session.emit, notice, channels, past });
  });
}
