/**
 * The last line of every command: the final status, read from the catalogue after all else.
 *
 * It is read anew however the command ended, and whatever the command reported.
 */
import { countOrphans, findKeyNames, type KeyName } from "../catalogue/catalogue-queries.ts";
import { inspect, type Inspection } from "../catalogue/inspection.ts";
import { countKeyOrphans } from "../catalogue/key-orphans.ts";
import { readOnly, withRepairConnection } from "../connection/connection.ts";
import {
  quoteIdentifier,
  type ConnectionTarget,
  type DirectClient,
} from "../../db/driver/direct-client.ts";
import { SQL_STATE, sqlStateOf } from "../../db/sql-state.ts";
import type { RepairDefinition } from "../model/definition.ts";
import type { PlannedKey } from "../model/plan.ts";
import { findDroppedKeys, type DroppedKeys } from "../journal/dropped-keys.ts";
import { type Message, verbatim } from "../../lib/messages.ts";
import { counted, keyNames } from "../model/text.ts";
import { readJournalIfAllowed } from "./readable-journal.ts";

/** The count is informative; it must keep a person waiting for a moment only. */
const COUNT_TIMEOUT_MS = 10_000;

export interface FinalStatus {
  readonly keys: number;
  /** Rows of external users; null for an impossible count. */
  readonly strangers: number | null;
  /** Those that close the exact rollback: a key that was NOT VALID comes back beside its orphans. */
  readonly blockingOrphans: number | null;
  /** The time of the drop, if the journal has it. */
  readonly since: string | undefined;
  readonly adopted: boolean;
  readonly text: Message;
}

/** Reads the state through a connection of its own. Errors: those of `openRepairConnection`, B04. */
export function readFinalStatus(
  target: ConnectionTarget,
  repair: RepairDefinition,
  schema?: string,
): Promise<FinalStatus> {
  return withRepairConnection(target, "truth", (client) =>
    readFully(client, repair, schema).catch((error: unknown) => {
      // An exclusive lock hides the tables' rows and leaves the catalogue readable.
      if (client.isLost() || sqlStateOf(error) !== SQL_STATE.lockNotAvailable) throw error;
      return readWithoutLocks(client, repair, schema);
    }),
  );
}

function readFully(
  client: DirectClient,
  repair: RepairDefinition,
  schema: string | undefined,
): Promise<FinalStatus> {
  return readOnly(client, async () => {
    const inspection = await inspect(client, repair, schema);
    const dropped = await readDropped(client, repair, inspection.schema);
    const orphanRows = await countOrphanRows(client, { repair, inspection, dropped });
    const { keys, adopted, otherKeys: others } = inspection;
    return describeStatus(client, { repair, keys, dropped }, { ...orphanRows, adopted, others });
  });
}

function readWithoutLocks(
  client: DirectClient,
  repair: RepairDefinition,
  schema: string | undefined,
): Promise<FinalStatus> {
  return readOnly(client, async () => {
    const keys = await findKeyNames(client, repair.keys, schema);
    const dropped = await readDropped(client, repair, schema);
    return describeStatus(
      client,
      { repair, keys, dropped },
      { ...UNCOUNTED, adopted: false, others: [] },
    );
  });
}

type OrphanCounts = Pick<FinalStatus, "strangers" | "blockingOrphans">;

const UNCOUNTED: OrphanCounts = { strangers: null, blockingOrphans: null };

interface Subject {
  readonly repair: RepairDefinition;
  readonly keys: readonly KeyName[];
  /** As the journal has them. */
  readonly dropped: DroppedKeys | undefined;
}

async function describeStatus(
  client: DirectClient,
  { repair, keys, dropped }: Subject,
  {
    others,
    ...known
  }: OrphanCounts & {
    readonly adopted: boolean;
    readonly others: readonly KeyName[];
  },
): Promise<FinalStatus> {
  const [row] = await client.query<{ database: string }>(
    "select current_database()::text as database",
  );
  const facts = { keys: keys.length, since: dropped?.at, ...known };
  const { en, zh } = sentence(row?.database ?? "?", { repair, keys }, facts);
  const { en: alsoEn, zh: alsoZh } = describeOtherKeys(others);
  return { ...facts, text: { en: `${en}${alsoEn}`, zh: `${zh}${alsoZh}` } };
}

/** Keys outside the repair that an external user meets all the same. */
function describeOtherKeys(others: readonly KeyName[]): Message {
  if (others.length === 0) return { en: "", zh: "" };
  const names = namesOf(others);
  return {
    en: ` But another key still keeps external users out: ${names} (B21).`,
    zh: `但仍有其他外键拒绝外部用户：${names}（B21）。`,
  };
}

function namesOf(keys: readonly KeyName[]): string {
  return keyNames(keys);
}

function sentence(
  database: string,
  { repair: { anchorTable, parentTable }, keys: present }: Pick<Subject, "repair" | "keys">,
  status: Omit<FinalStatus, "text">,
): Message {
  const { keys, since } = status;
  const window = rollbackWindow(status);
  if (status.adopted)
    return {
      en: `${database}: adopted by New Day; nothing ties ${anchorTable} to ${parentTable}; ${window.en}.`,
      zh: `${database}：已由 New Day 接管；${anchorTable} 不再与 ${parentTable} 绑定；${window.zh}。`,
    };
  const names = namesOf(present);
  if (keys > 0)
    return {
      en: `${database}: ${counted(keys, "foreign key")} of this repair PRESENT (${names}); every command of the repair can be run again.`,
      zh: `${database}：本修复的外键仍存在 ${keys} 个（${names}）；修复的每个命令都可以再次执行。`,
    };
  const when =
    since === undefined ? verbatim("") : { en: ` since ${since}`, zh: `（自 ${since}）` };
  return {
    en: `${database}: foreign keys of this repair ABSENT${when.en}; ${window.en}.`,
    zh: `${database}：本修复的外键已不存在${when.zh}；${window.zh}。`,
  };
}

/** The clock of the exact rollback: open only while foreign rows are absent, closed by the adoption. */
export function rollbackWindow({
  strangers: orphanRows,
  blockingOrphans,
  adopted,
}: Pick<FinalStatus, "strangers" | "blockingOrphans" | "adopted">): Message {
  if (adopted)
    return {
      en: `no rollback since the adoption (rows of external users: ${orphanRows ?? "unknown"})`,
      zh: `接管后不可回滚（外部用户行数：${orphanRows ?? "未知"}）`,
    };
  if (orphanRows === null)
    return { en: "external users' rows could not be counted", zh: "无法统计外部用户的行" };
  if (orphanRows === 0)
    return {
      en: "exact rollback open (0 rows of external users)",
      zh: "可精确回滚（外部用户行数为 0）",
    };
  if (blockingOrphans === 0)
    return {
      en: `exact rollback open (${counted(orphanRows, "row")} of external users, beside a key that was NOT VALID)`,
      zh: `可精确回滚（外部用户行数为 ${orphanRows}，外键原为 NOT VALID）`,
    };
  return {
    en: `exact rollback closed (${counted(orphanRows, "row")} of external users)`,
    zh: `精确回滚已关闭（外部用户行数为 ${orphanRows}）`,
  };
}

/** The relations of every rule; after the adoption the view in the place of the anchor table. */
function countedRelations({ anchorTable, keys }: RepairDefinition, inspection: Inspection) {
  const { adopted, rules, schema, tables } = inspection;
  if (!adopted) return rules;
  return keys.flatMap((rule) => {
    const references = tables.find(({ name }) => name === rule.references);
    if (rule.table !== anchorTable || !references) return [];
    return [{ rule, table: { schema, name: anchorTable, oid: undefined }, references }];
  });
}

/**
 * Counted by an anti-join, because the catalogue lacks it: on the columns of the dropped keys, as the rollback
 * counts, and on every rule without one.
 */
async function countOrphanRows(
  client: DirectClient,
  { repair, inspection, dropped }: { inspection: Inspection } & Omit<Subject, "keys">,
): Promise<OrphanCounts> {
  await client.query("savepoint orphan_rows");
  try {
    await client.query(`set local statement_timeout = ${COUNT_TIMEOUT_MS}`);
    const relations = countedRelations(repair, inspection);
    const keys = (dropped?.keys ?? []).filter((key) => relations.some((one) => isKeyOf(key, one)));
    const counts = await countKeyOrphans(client, keys);
    let { orphans: total, blockingOrphans: blocking } = counts;
    for (const relation of relations) {
      if (keys.some((key) => isKeyOf(key, relation))) continue;
      const { rule, table, references } = relation;
      const primary = inspection.uniqueIndexes.find(
        (index) => index.tableOid === references.oid && index.primary,
      );
      const count = await countOrphans(client, {
        table: qualified(table),
        references: qualified(references),
        quotedColumns: [quoteIdentifier(rule.column)],
        quotedReferencedColumns: [quoteIdentifier(primary?.columns[0] ?? "id")],
      });
      total += count;
      blocking += count;
    }
    return { strangers: total, blockingOrphans: blocking };
  } catch (error) {
    if (client.isLost() || sqlStateOf(error) === undefined) throw error;
    return UNCOUNTED;
  } finally {
    if (!client.isLost()) await client.query("rollback to savepoint orphan_rows");
  }
}

/** The view in the place of an adopted table has no number, and so no key. */
function isKeyOf(
  { tableOid, columns }: PlannedKey,
  { rule, table }: { rule: { column: string }; table: { oid: number | undefined } },
): boolean {
  return tableOid === table.oid && columns.includes(rule.column);
}

function qualified({ schema, name }: { schema: string; name: string }): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

function readDropped(
  client: DirectClient,
  repair: RepairDefinition,
  schema: string | undefined,
): Promise<DroppedKeys | undefined> {
  return readJournalIfAllowed(client, () =>
    findDroppedKeys(client, { repairId: repair.id, schema }),
  );
}
