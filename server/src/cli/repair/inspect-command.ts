import { helpText } from "../usage/help-text.ts";
import { keyName } from "../../repair/model/text.ts";
import type { Command } from "commander";
import { inspect, type Inspection } from "../../repair/catalogue/inspection.ts";
import { readServer, type ServerRow } from "../../repair/catalogue/server-queries.ts";
import { readOnly, withRepairConnection } from "../../repair/connection/connection.ts";
import type { Message } from "../../lib/messages.ts";
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

function same(text: string, data: object): Line {
  return { text: { en: text, zh: text }, data: { ...data } };
}

function lines(server: ServerRow, inspection: Inspection): Line[] {
  return [
    same(
      `${server.database} on PostgreSQL ${server.version}, role ${server.role}, deadlock_timeout ${server.deadlockTimeoutMs} ms`,
      { server },
    ),
    ...inspection.tables.map((table) =>
      same(
        `table ${table.schema}.${table.name}, owner ${table.owner}, ~${table.estimatedRows} rows, ${table.bytes} bytes`,
        { table },
      ),
    ),
    ...inspection.keys.map((key) => same(`- goes   ${keyName(key)} ${key.definition}`, { key })),
    ...inspection.otherKeys.map((key) =>
      same(`! other  ${keyName(key)} ${key.definition}`, { key }),
    ),
    ...inspection.remaining.map((key) =>
      same(`= stays  ${keyName(key)} ${key.definition}`, { key }),
    ),
    ...inspection.uniqueIndexes.map((index) =>
      same(`= unique ${index.definition}${index.full ? "" : " (not for every row)"}`, { index }),
    ),
    ...inspection.partitions.map((partition) => same(`partition ${partition.name}`, { partition })),
  ];
}
