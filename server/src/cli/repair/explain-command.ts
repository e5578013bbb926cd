import { helpText } from "../usage/help-text.ts";
import type { Command } from "commander";
import { refusal } from "../../errors/refusals.ts";
import { FINDING_CATALOGUE, findingEntry } from "../../repair/plan/finding-catalogue.ts";
import { EXIT, inLanguage, runCommand, type RepairSession, type SharedOptions } from "./session.ts";

export function registerExplain(parent: Command): void {
  parent
    .command("explain")
    .description(
      helpText({
        en: "what a finding means, why it hurts here, and what to do about it",
        zh: "某项检查结果的含义、影响与处理方法",
      }),
    )
    .argument(
      "[finding]",
      helpText({
        en: "its id, for example B41; without one, all of them",
        zh: "编号，如 B41；不写则列出全部",
      }),
    )
    .option(
      "--json",
      helpText({
        en: "one JSON event a line instead of text",
        zh: "每行输出一个 JSON 事件，代替文本",
      }),
    )
    .action((id: string | undefined, options: SharedOptions) =>
      runCommand(options, (session) => explain(session, id), { truth: false, database: false }),
    );
}

function explain(session: RepairSession, id: string | undefined): Promise<number> {
  if (id === undefined)
    for (const { id: known, title } of FINDING_CATALOGUE)
      session.emit(
        "finding",
        { en: `${known}  ${title.en}`, zh: `${known}  ${title.zh}` },
        {
          finding: known,
        },
      );
  else tell(session, id);
  return Promise.resolve(EXIT.done);
}

function tell(session: RepairSession, id: string): void {
  const entry = findingEntry(id);
  if (!entry) throw refusal("finding_unknown", { id }, { details: { finding: id } });
  session.emit(
    "finding",
    { en: `${entry.id}  ${entry.title.en}`, zh: `${entry.id}  ${entry.title.zh}` },
    {
      finding: entry.id,
    },
  );
  session.emit("note", entry.why);
  session.emit("note", { en: `Remedy: ${entry.remedy.en}`, zh: `处理：${entry.remedy.zh}` });
  if (entry.acceptable)
    session.emit("note", {
      en: `It may be accepted with a reason: newday repair plan --accept ${entry.id}=REASON`,
      zh: inLanguage(
        { language: "zh" },
        { en: "", zh: `可附理由接受：newday repair plan --accept ${entry.id}=原因` },
      ),
    });
}
