import { helpText } from "../usage/help-text.ts";
import type { Command } from "commander";
import { refusal } from "../../errors/refusals.ts";
import { readOnly, withRepairConnection } from "../../repair/connection/connection.ts";
import { compareStructures, type Difference } from "../../repair/catalogue/compare.ts";
import {
  readStructureDocument,
  readStructureFile,
  writeStructureDocument,
  type StructureDocument,
} from "../../repair/catalogue/structure-document.ts";
import { requireWritableFile } from "../../repair/model/output-file.ts";
import { readRuns } from "../../repair/journal/run-story.ts";
import {
  EXIT,
  runCommand,
  withSharedOptions,
  type RepairSession,
  type SharedOptions,
} from "./session.ts";

interface DriftOptions extends SharedOptions {
  readonly save?: string;
}

const EXIT_DRIFT = 10;
const URL_PATTERN = /^postgres(ql)?:\/\//;

export function registerDrift(parent: Command): void {
  const command = parent
    .command("drift")
    .description(
      helpText({
        en: "compare the structure of two environments, or of one with what the journal recorded; writes nothing",
        zh: "比较两个环境的结构，或与日志记录比较；不写入任何内容",
      }),
    )
    .argument(
      "[a]",
      helpText({
        en: "a database URL or a file of --save; default: --database-url",
        zh: "数据库 URL，或 --save 写出的文件；默认 --database-url",
      }),
    )
    .argument(
      "[b]",
      helpText({
        en: "another one; default: the structure in the journal of A",
        zh: "另一个；默认为 A 的日志中的结构",
      }),
    );
  withSharedOptions(command)
    .option(
      "--save <file>",
      helpText({
        en: "write the structure of A to a file instead of comparing",
        zh: "把 A 的结构写入文件，而不比较",
      }),
    )
    .action((a: string | undefined, b: string | undefined, options: DriftOptions) => {
      const isUrl = a !== undefined && URL_PATTERN.test(a);
      const databaseUrl = isUrl ? a : options.databaseUrl;
      return runCommand(
        { ...options, ...(databaseUrl === undefined ? {} : { databaseUrl }) },
        (session) => drift(session, { a: isUrl ? undefined : a, b, save: options.save }),
        { truth: false, database: isUrl || a === undefined },
      );
    });
}

interface Sides {
  /** A file; undefined for the session's database. */
  readonly a: string | undefined;
  readonly b: string | undefined;
  readonly save: string | undefined;
}

async function drift(session: RepairSession, { a, b, save }: Sides): Promise<number> {
  if (save !== undefined) requireWritableFile(save);
  const left = a === undefined ? await fromSession(session) : readStructureFile(a);
  if (save !== undefined) {
    writeStructureDocument(save, left);
    session.emit(
      "artefact",
      { en: `structure written to ${save}`, zh: `结构已写入 ${save}` },
      {
        path: save,
      },
    );
    return EXIT.done;
  }
  const right = b === undefined ? await recordedStructure(session, a) : await fromText(session, b);
  const differences = compareStructures(left, right);
  for (const each of differences) reportDifference(session, each);
  return conclude(session, { left, right, differences });
}

function fromSession({ target, repair, schema }: RepairSession): Promise<StructureDocument> {
  return readStructureDocument(target, repair, schema);
}

async function fromText(session: RepairSession, text: string): Promise<StructureDocument> {
  if (!URL_PATTERN.test(text)) return readStructureFile(text);
  return readStructureDocument(text, session.repair, session.schema);
}

/** The last structure that a run journaled. Throws `repair_usage` when there is none. */
async function recordedStructure(
  session: RepairSession,
  file: string | undefined,
): Promise<StructureDocument> {
  const runs =
    file === undefined
      ? await withRepairConnection(session.target, "drift", (client) =>
          readOnly(client, () => readRuns(client)),
        )
      : [];
  const events = runs.flatMap((run) => run.events);
  const found = events.findLast(
    ({ kind, body }) => kind === "artefact" && body["kind"] === "structure",
  );
  if (found) return found.body["document"] as StructureDocument;
  throw refusal("drift_side_missing", {});
}

function reportDifference({ emit }: RepairSession, each: Difference): void {
  const { table, kind, left, right } = each;
  const sides = `- ${left ?? "(nothing)"}\n             + ${right ?? "(nothing)"}`;
  const ok = each.class === "blocking" ? false : each.class === "version-only" ? undefined : true;
  emit(
    "check",
    {
      en: `${each.class}: ${kind} of ${table}\n             ${sides}`,
      zh: `${each.class}：${table} 的 ${kind}\n             ${sides}`,
    },
    { ...each, ok },
  );
}

function conclude(
  { emit }: RepairSession,
  result: { left: StructureDocument; right: StructureDocument; differences: readonly Difference[] },
): number {
  const count = (kind: Difference["class"]) =>
    result.differences.filter((each) => each.class === kind).length;
  const { left, right } = result;
  const [blocking, names, versions] = [
    count("blocking"),
    count("name-only"),
    count("version-only"),
  ];
  emit(
    "truth",
    {
      en: `- ${left.label} (PostgreSQL ${left.major}, ${left.at}) and + ${right.label} (PostgreSQL ${right.major}, ${right.at}): ${blocking} blocking, ${names} name-only, ${versions} version-only differences.`,
      zh: `- ${left.label}（PostgreSQL ${left.major}，${left.at}）与 + ${right.label}（PostgreSQL ${right.major}，${right.at}）：阻止性差异 ${blocking}，仅名称 ${names}，仅版本 ${versions}。`,
    },
    { blocking, names, versions },
  );
  return blocking > 0 ? EXIT_DRIFT : EXIT.done;
}
