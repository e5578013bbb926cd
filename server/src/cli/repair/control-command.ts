/** Controls a run from another terminal: `pause`, `postpone`, `continue` and `abort`, by its id. */
import { helpText } from "../usage/help-text.ts";
import { operatorName } from "../../lib/operator-name.ts";
import type { Command } from "commander";
import { refusal } from "../../errors/refusals.ts";
import {
  abortRun,
  control,
  findLiveRun,
  type ControlReply,
} from "../../repair/apply/control-client.ts";
import type { ControlAction, ControlVerb } from "../../repair/model/run-control.ts";
import type { Message } from "../../lib/messages.ts";
import { parsePeriod } from "./period.ts";
import { EXIT, runCommand, type RepairSession, type SharedOptions } from "./session.ts";

interface ControlOptions extends SharedOptions {
  readonly reason?: string;
  readonly for?: number;
}

/** The change was committed before the message arrived. */
const EXIT_TOO_LATE = 8;

const HEARD: Message = { en: "the run has heard it and is ending", zh: "该次运行已收到，正在结束" };

const VERBS: Readonly<Record<ControlVerb, string>> = {
  pause: helpText({
    en: "hold a run that waits for its locks, until `continue`; it holds no lock meanwhile",
    zh: "暂停正在等锁的运行，直到 continue；期间不持有任何锁",
  }),
  postpone: helpText({
    en: "hold it for a while; it goes on by itself",
    zh: "推迟一段时间，之后自动继续",
  }),
  continue: helpText({ en: "let a run that is held go on", zh: "让暂停的运行继续" }),
  abort: helpText({
    en: "stop a run before its change; ends with what is true then",
    zh: "在更改之前中止运行，并说明当时的状态",
  }),
};

export function registerControl(parent: Command): void {
  for (const [verb, words] of Object.entries(VERBS) as [ControlVerb, string][]) {
    const command = parent
      .command(verb)
      .description(words)
      .argument(
        "<run>",
        helpText({
          en: "its id, or at least 8 characters of it; `status` lists what is live",
          zh: "运行编号，至少写出前 8 个字符；status 会列出进行中的运行",
        }),
      )
      .option(
        "--reason <text>",
        helpText({ en: "why; goes into the journal", zh: "原因；写入日志" }),
      )
      .option(
        "--json",
        helpText({
          en: "one JSON event a line instead of text",
          zh: "每行输出一个 JSON 事件，代替文本",
        }),
      );
    if (verb === "postpone")
      command.requiredOption(
        "--for <period>",
        helpText({ en: "how long: 30s, 10m, 2h", zh: "时长：30s、10m、2h" }),
        parsePeriod,
      );
    command.action((id: string, options: ControlOptions) =>
      runCommand(options, (session) => steer(session, { verb, id, options }), {
        truth: false,
        database: false,
      }),
    );
  }
}

interface Steering {
  readonly verb: ControlVerb;
  readonly id: string;
  readonly options: ControlOptions;
}

async function steer(session: RepairSession, { verb, id, options }: Steering): Promise<number> {
  const run = await findLiveRun(id);
  const action: ControlAction = {
    verb,
    by: operatorName(),
    reason: options.reason,
    forMs: options.for,
  };
  if (verb !== "abort") {
    say(session, await control(run, action));
    return EXIT.done;
  }
  const end = await abortRun(run, action, () => session.emit("note", HEARD, { runId: run.runId }));
  if (!end) throw refusal("run_died", {}, { details: { runId: run.runId } });
  const words: Message = end.changed
    ? {
        en: "too late: the change was made before the word arrived",
        zh: "太迟：更改已在此之前完成",
      }
    : { en: "stopped; nothing was changed", zh: "已停止；未做任何更改" };
  session.emit(end.changed ? "warning" : "note", words, { runId: run.runId, changed: end.changed });
  session.emit("truth", end.truth, {});
  return end.changed ? EXIT_TOO_LATE : EXIT.done;
}

function say({ emit }: RepairSession, reply: ControlReply): void {
  const text = describeLive(reply);
  emit("note", text, { ...reply });
}

/** One line about a run that is live on this machine. */
export function describeLive({
  runId,
  database,
  environment,
  pid,
  held,
  saying,
}: ControlReply): Message {
  const id = runId.slice(0, 8);
  return {
    en: `live run ${id} (${environment}, ${database}, pid ${pid})${held ? ", held" : ""}: ${saying.en}`,
    zh: `运行中 ${id}（${environment}，${database}，pid ${pid}）${held ? "，已暂停" : ""}：${saying.zh}`,
  };
}
