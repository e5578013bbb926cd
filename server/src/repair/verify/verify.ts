/**
 * The verification, by catalogue and by behaviour: keys of the repair's kind are gone, the rest is
 * unchanged, and a foreign row is accepted. All rows are rolled back.
 */
import { keyNames, keyName } from "../model/text.ts";
import { quoteLiteral, type DirectClient } from "../../db/driver/direct-client.ts";
import { sqlStateOf } from "../../db/sql-state.ts";
import { inspect, type Inspection } from "../catalogue/inspection.ts";
import { readServer } from "../catalogue/server-queries.ts";
import type { ProbeValue, RepairDefinition } from "../model/definition.ts";
import type { PlannedProof } from "../model/plan.ts";
import { findRunProof } from "../journal/run-proof.ts";
import { readJournalIfAllowed } from "./readable-journal.ts";
import { readOnly } from "../connection/connection.ts";
import { clientPathSql } from "../catalogue/probe-sql.ts";
import { findProbes, type UnknownValue } from "../catalogue/probe-search.ts";
import type { Message } from "../../lib/messages.ts";
import { rowExists } from "./verify-queries.ts";

/** A probe is an ordinary INSERT; it must not queue behind another session's long lock. */
const PROBE_LOCK_TIMEOUT_MS = 500;
const PROBE_STATEMENT_TIMEOUT_MS = 5_000;

export interface Check {
  readonly id: "catalogue" | "strangers" | "unique" | "rows" | "behaviour";
  /** Undefined where it is undecidable, for example on a standby. */
  readonly ok: boolean | undefined;
  /** True where the check is not asked for: after the adoption, or by an operator's acceptance. */
  readonly isAnswered?: true;
  readonly text: Message;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Verification {
  readonly verified: boolean;
  readonly checks: readonly Check[];
  readonly inspection: Inspection;
}

export interface ProofOptions {
  /** False where nothing may be written, not even a row that is rolled back. */
  readonly proves?: boolean;
}

/** Runs every check. Throws `repair_refused` (B04) for a database other than New Day's. */
export async function verify(
  client: DirectClient,
  repair: RepairDefinition,
  schema?: string,
  { proves = true }: ProofOptions = {},
): Promise<Verification> {
  const { inspection, server } = await readOnly(client, async () => ({
    inspection: await inspect(client, repair, schema),
    server: await readServer(client),
  }));
  const canWrite = !server.inRecovery && !server.readOnly;
  const checks = [
    catalogueCheck(inspection),
    ...otherKeyChecks(inspection),
    uniqueCheck(inspection),
    ...(await readOnly(client, () => rowChecks(client, repair, inspection))),
    ...(proves
      ? await behaviourChecks(client, repair, inspection, canWrite)
      : [inspection.adopted ? ADOPTED : NOT_ASKED]),
  ];
  return { verified: checks.every(({ ok }) => ok !== false), checks, inspection };
}

function catalogueCheck({ keys, adopted, anchorTable, parentTable }: Inspection): Check {
  const names = keyNames(keys);
  if (keys.length > 0)
    return {
      id: "catalogue",
      ok: false,
      text: { en: `foreign keys present: ${names}`, zh: `外键仍存在：${names}` },
      data: { keys: keys.map(({ name }) => name) },
    };
  return {
    id: "catalogue",
    ok: true,
    text: adopted
      ? {
          en: `adopted: nothing ties ${anchorTable} to ${parentTable}`,
          zh: `已接管：${anchorTable} 不再与 ${parentTable} 绑定`,
        }
      : {
          en: "pg_constraint holds no foreign key of this kind",
          zh: "pg_constraint 中没有此类外键",
        },
    data: { adopted },
  };
}

function otherKeyChecks({ otherKeys }: Inspection): Check[] {
  return otherKeys.map(({ table, name, definition }) => ({
    id: "strangers",
    ok: false,
    text: {
      en: `another key holds the column: ${keyName({ table, name })} ${definition}`,
      zh: `该列上还有其他外键：${keyName({ table, name })} ${definition}`,
    },
    data: { key: name, table },
  }));
}

function uniqueCheck({ uniqueIndexes, rules, adopted }: Inspection): Check {
  const missing = rules.filter(
    ({ rule, table }) =>
      rule.unique === true &&
      !uniqueIndexes.some(
        ({ tableOid, full, columns }) =>
          full && tableOid === table.oid && columns.length === 1 && columns[0] === rule.column,
      ),
  );
  const names = uniqueIndexes.map(({ name }) => name).join(", ");
  const absent = missing
    .map(({ rule, table }) => `UNIQUE(${rule.column}) of ${table.name}`)
    .join(", ");
  const ok = adopted || missing.length === 0;
  return {
    id: "unique",
    ok,
    text: ok
      ? { en: `PRIMARY KEY and UNIQUE in place: ${names}`, zh: `主键与唯一约束均在：${names}` }
      : { en: `missing or partial: ${absent}`, zh: `缺失或不完整：${absent}` },
    data: { indexes: uniqueIndexes.map(({ name }) => name) },
  };
}

async function rowChecks(
  client: DirectClient,
  repair: RepairDefinition,
  inspection: Inspection,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const row of repair.rows) {
    const table = inspection.tables.find(({ name }) => name === row.table);
    if (!table) continue;
    const value = row.values[row.key] ?? "";
    const ok = await rowExists(client, table, { column: row.key, value });
    const { en, zh } = ok ? { en: "is there", zh: "存在" } : { en: "is missing", zh: "缺失" };
    const name = `${row.table} "${value}"`;
    checks.push({
      id: "rows",
      ok,
      text: { en: `${name} ${en}`, zh: `${name} ${zh}` },
      data: { row: name },
    });
  }
  return checks;
}

async function behaviourChecks(
  client: DirectClient,
  repair: RepairDefinition,
  inspection: Inspection,
  canWrite: boolean,
): Promise<Check[]> {
  if (inspection.adopted) return [ADOPTED];
  if (!canWrite)
    return [
      {
        id: "behaviour",
        ok: undefined,
        text: {
          en: "this server takes no writes: behaviour cannot be proved here, ask the primary",
          zh: "该服务器不接受写入：无法在此证明行为，请在主库验证",
        },
        data: {},
      },
    ];
  const proof = await readOnly(client, () => chooseProof(client, repair, inspection.schema));
  if (!proof.isProbed) return [NOT_PROBED];
  const { probes, unknown } = await readOnly(client, () => findProbes(client, inspection, proof));
  const checks: Check[] = unknown.map(withoutValue);
  for (const { table, sql } of probes) {
    const refusal = await tryProbe(client, table, sql);
    checks.push({
      id: "behaviour",
      ok: refusal === undefined ? true : refusal.undecided ? undefined : false,
      text:
        refusal === undefined
          ? {
              en: `an external user's row goes into ${table} (rolled back)`,
              zh: `外部用户的行可写入 ${table}（已回滚）`,
            }
          : {
              en: `an external user's row into ${table}: ${refusal.words}`,
              zh: `向 ${table} 写入外部用户：${refusal.words}`,
            },
      data: { table, sqlState: refusal?.state },
    });
  }
  return checks;
}

/** The run's way of proving is kept: its values and its acceptance. A value that is given now is tried all the same. */
async function chooseProof(
  client: DirectClient,
  { id: repairId, isProbed = true, probeValues: given = [] }: RepairDefinition,
  schema: string,
): Promise<PlannedProof> {
  const journaled = await readJournalIfAllowed(client, () =>
    findRunProof(client, { repairId, schema }),
  );
  if (!journaled) return { isProbed, probeValues: given };
  const { probeValues } = journaled;
  const isNew = (one: ProbeValue) =>
    probeValues.every(
      ({ table, column, value }) =>
        table !== one.table || column !== one.column || value !== one.value,
    );
  return {
    isProbed: isProbed && (journaled.isProbed || given.some(isNew)),
    probeValues: [...probeValues, ...given],
  };
}

function withoutValue({ table, columns, rule }: UnknownValue): Check {
  const names = columns.map((column) => `${table}.${column}`).join(", ");
  return {
    id: "behaviour",
    ok: undefined,
    text: {
      en: `no value is known that ${rule} accepts in ${names}: give one with --probe-value`,
      zh: `没有已知的值可满足 ${names} 的规则 ${rule}：请用 --probe-value 给出`,
    },
    data: { table, columns, rule },
  };
}

const NOT_ASKED: Check = {
  id: "behaviour",
  ok: undefined,
  text: {
    en: "no row was inserted for this reading: `newday repair verify` proves the behaviour",
    zh: "本次读取未写入任何行：请用 newday repair verify 验证行为",
  },
  data: {},
};

const NOT_PROBED: Check = {
  id: "behaviour",
  ok: undefined,
  isAnswered: true,
  text: {
    en: "no external user's row was inserted: B35 was accepted",
    zh: "未写入外部用户的行：已接受 B35",
  },
  data: {},
};

const ADOPTED: Check = {
  id: "behaviour",
  ok: undefined,
  isAnswered: true,
  text: {
    en: "adopted: the old tables are read-only history, external users live in New Day's own",
    zh: "已接管：旧表为只读历史，外部用户存于 New Day 自己的表中",
  },
  data: { adopted: true },
};

interface Refusal {
  readonly words: string;
  readonly state: string | undefined;
  /** The table was locked or inserting is forbidden: foreign rows remain untested. */
  readonly undecided: boolean;
}

const UNDECIDED = new Set(["55P03", "40P01", "57014", "42501", "25006"]);

/** Undefined for an accepted row. The transaction is rolled back in any case. */
async function tryProbe(
  client: DirectClient,
  table: string,
  sql: string,
): Promise<Refusal | undefined> {
  await client.script(
    `begin; set local lock_timeout = ${PROBE_LOCK_TIMEOUT_MS}; set local statement_timeout = ${PROBE_STATEMENT_TIMEOUT_MS}`,
  );
  try {
    const path = `select ${clientPathSql(quoteLiteral(table))}`;
    await client.script(`${path}; ${sql}; set constraints all immediate`);
    return undefined;
  } catch (error) {
    if (client.isLost()) throw error;
    const state = sqlStateOf(error);
    const words = error instanceof Error ? error.message : String(error);
    return { words, state, undecided: state !== undefined && UNDECIDED.has(state) };
  } finally {
    if (!client.isLost()) await client.query("rollback");
  }
}
