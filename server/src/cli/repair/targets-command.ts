import { helpText } from "../usage/help-text.ts";
import type { Command } from "commander";
import { inspect } from "../../repair/catalogue/inspection.ts";
import { readMarker, readServer } from "../../repair/catalogue/server-queries.ts";
import { quoteIdentifier, quoteLiteral } from "../../db/driver/direct-client.ts";
import { readOnly, withRepairConnection } from "../../repair/connection/connection.ts";
import { readEndpoint } from "../../repair/model/endpoint.ts";
import { requireWritableFile } from "../../repair/model/output-file.ts";
import { readFingerprint } from "../../repair/plan/build-plan.ts";
import {
  DEFAULT_TARGETS_FILE,
  pinTarget,
  readTargets,
  type Target,
} from "../../repair/model/target-file.ts";
import { describeTarget } from "../../repair/plan/target-findings.ts";
import {
  EXIT,
  runCommand,
  withSharedOptions,
  type RepairSession,
  type SharedOptions,
} from "./session.ts";
import type { Message } from "../../lib/messages.ts";

interface TargetsOptions extends SharedOptions {
  readonly targets: string;
  readonly pin?: string;
  readonly environment?: string;
}

export function registerTargets(parent: Command): void {
  const command = parent.command("targets").description(
    helpText({
      en: "list the named targets; with --pin, write down which database this is",
      zh: "列出已命名的目标；加 --pin 记录当前是哪个数据库",
    }),
  );
  withSharedOptions(command)
    .option(
      "--targets <file>",
      helpText({ en: "the file of targets; it holds no secret", zh: "目标文件；不含任何机密" }),
      DEFAULT_TARGETS_FILE,
    )
    .option(
      "--pin <name>",
      helpText({
        en: "inspect the database and write it into the file under this name",
        zh: "检查数据库并以此名称写入目标文件",
      }),
    )
    .option(
      "--environment <name>",
      helpText({ en: "environment of the pinned target", zh: "所记录目标的环境" }),
    )
    .action((options: TargetsOptions) =>
      runCommand(options, (session) => targets(session, options), {
        truth: false,
        database: options.pin !== undefined,
      }),
    );
}

async function targets(session: RepairSession, options: TargetsOptions): Promise<number> {
  if (options.pin !== undefined) {
    requireWritableFile(options.targets);
    const target = await inspectTarget(session, options.pin, options.environment);
    pinTarget(options.targets, target);
    session.emit(
      "artefact",
      { en: `pinned in ${options.targets}`, zh: `已写入 ${options.targets}` },
      {},
    );
  }
  const known = readTargets(options.targets);
  if (known.length === 0)
    session.emit("note", {
      en: `${options.targets} holds no targets; --pin NAME adds the database of --database-url`,
      zh: `${options.targets} 中没有目标；--pin 名称 可加入 --database-url 所指数据库`,
    });
  for (const target of known) session.emit("note", describe(target), { ...target });
  return EXIT.done;
}

function inspectTarget(
  session: RepairSession,
  name: string,
  environment: string | undefined,
): Promise<Target> {
  return withRepairConnection(session.target, "pin", (client) =>
    readOnly(client, async () => {
      const server = await readServer(client);
      const inspection = await inspect(client, session.repair, session.schema);
      const fingerprint = await readFingerprint(client, server, inspection);
      const marker = await readMarker(client);
      const endpoint = await readEndpoint(client.peer);
      const present = { fingerprint, marker, endpoint, keys: inspection.keys };
      if (marker === undefined) reportMark(session, environment ?? name, server.database);
      return describeTarget(name, environment ?? marker ?? name, present);
    }),
  );
}

/** A plan against a target is refused on an unmarked database (B06). */
function reportMark({ emit }: RepairSession, environment: string, database: string): void {
  const sql = `alter database ${quoteIdentifier(database)} set newday.environment = ${quoteLiteral(environment)}`;
  emit("warning", {
    en: `This database does not say which environment it is, and a plan with --target asks for that. Mark it: ${sql}`,
    zh: `该数据库未标明环境，而使用 --target 的计划需要标记：${sql}`,
  });
}

function describe(target: Target): Message {
  const cluster = target.systemIdentifier ?? "?";
  const text = `${target.name}  ${target.environment}  ${target.database}.${target.schema}  PostgreSQL ${target.serverMajor}`;
  return { en: `${text}  cluster ${cluster}`, zh: `${text}  集群 ${cluster}` };
}
