import { helpText } from "../usage/help-text.ts";
import { keyName } from "../../repair/model/text.ts";
import type { Command } from "commander";
import { inspect, type Inspection } from "../../repair/catalogue/inspection.ts";
import { readServer, type ServerRow } from "../../repair/catalogue/server-queries.ts";
import { readOnly, withRepairConnection } from "../../repair/connection/connection.ts";
import { joinMessages, verbatim, type Message } from "../../lib/messages.ts";
import {
  EXIT,
  runCommand,
  withSharedOptions,
  type RepairSession,
  type SharedOptions,
} from "./session.ts";

export function registerInspect(parent: Command): void {
  const command = parent.command("inspect").description(
    helpText({
      en: "the inventory: server, tables, every foreign key of and to them, unique indexes; writes nothing",
      zh: "清单：服务器、表、相关外键、唯一索引；不写入任何内容",
    }),
  );
  withSharedOptions(command).action((options: SharedOptions) => runCommand(options, inventory));
}

async function inventory(session: RepairSession): Promise<number> {
  const { server, inspection } = await withRepairConnection(session.target, "inspect", (client) =>
    readOnly(client, async () => ({
      server: await readServer(client),
      inspection: await inspect(client, session.repair, session.schema),
    })),
  );
  for (const { text, data } of lines(server, inspection)) session.emit("note", text, data);
  return EXIT.done;
}

interface Line {
  readonly text: Message;
  readonly data: Readonly<Record<string, unknown>>;
}

function line(text: Message, data: object): Line {
  return { text, data: { ...data } };
}

const NOT_EVERY_ROW: Message = { en: " (not for every row)", zh: "（不含全部行）" };

function lines(server: ServerRow, inspection: Inspection): Line[] {
  return [
    line(
      {
        en: `${server.database} on PostgreSQL ${server.version}, role ${server.role}, deadlock_timeout ${server.deadlockTimeoutMs} ms`,
        zh: `${server.database}，PostgreSQL ${server.version}，角色 ${server.role}，deadlock_timeout ${server.deadlockTimeoutMs} 毫秒`,
      },
      { server },
    ),
    ...inspection.tables.map((table) =>
      line(
        {
          en: `table ${table.schema}.${table.name}, owner ${table.owner}, ~${table.estimatedRows} rows, ${table.bytes} bytes`,
          zh: `表 ${table.schema}.${table.name}，所有者 ${table.owner}，约 ${table.estimatedRows} 行，${table.bytes} 字节`,
        },
        { table },
      ),
    ),
    ...inspection.keys.map((key) => keyLine({ en: "- goes  ", zh: "- 删除" }, key)),
    ...inspection.otherKeys.map((key) => keyLine({ en: "! other ", zh: "! 其他" }, key)),
    ...inspection.remaining.map((key) => keyLine({ en: "= stays ", zh: "= 保留" }, key)),
    ...inspection.uniqueIndexes.map((index) =>
      line(
        {
          en: `= unique ${index.definition}${index.full ? "" : NOT_EVERY_ROW.en}`,
          zh: `= 唯一 ${index.definition}${index.full ? "" : NOT_EVERY_ROW.zh}`,
        },
        { index },
      ),
    ),
    ...inspection.partitions.map((partition) =>
      line({ en: `partition ${partition.name}`, zh: `分区 ${partition.name}` }, { partition }),
    ),
  ];
}

function keyLine(fate: Message, key: Inspection["keys"][number]): Line {
  const named = verbatim(` ${keyName(key)} ${key.definition}`);
  return line(joinMessages([fate, named], ""), { key });
}
