/** Checks the role's rights: to change, to see, and to undo. */
import { STATEMENT_TIMEOUT_MS } from "../drop/round.ts";
import { findUndumpable, passesRowSecurity } from "../catalogue/server-queries.ts";
import { journalRights } from "../journal/journal-queries.ts";
import type { Finding } from "../model/finding.ts";
import type { PreflightInput } from "./preflight.ts";

export async function rightsFindings(input: PreflightInput): Promise<Finding[]> {
  return [
    ...tableRights(input),
    ...(await forcedRowSecurity(input)),
    ...(await dumpRights(input)),
    ...(await journalFindings(input)),
    ...sessionRights(input),
  ];
}

/** The proof inserts a row and counts rows: forced policies apply to the owner as well. */
async function forcedRowSecurity({ client, inspection, server }: PreflightInput) {
  const names = inspection.tables
    .filter(({ forcesRowSecurity }) => forcesRowSecurity)
    .map(({ schema, name }) => `${schema}.${name}`);
  if (names.length === 0 || (await passesRowSecurity(client)) !== false) return [];
  const tables = names.join(", ");
  const finding: Finding = {
    id: "B45",
    severity: "block",
    evidence: {
      en: `row security is forced on ${tables}; ${server.role} is subject to it`,
      zh: `${tables} 强制启用行级安全；${server.role} 受其约束`,
    },
    data: { tables: names, role: server.role },
  };
  return [finding];
}

/** A standby has B02; its journal is that of the primary. */
async function journalFindings({ client, server }: PreflightInput): Promise<Finding[]> {
  if (server.inRecovery || server.readOnly) return [];
  const { mayKeep, role, grant } = await journalRights(client);
  if (mayKeep) return [];
  return [
    {
      id: "W48",
      severity: "warn",
      evidence: {
        en: `${role} may not keep the journal newday.repair_events: ${grant}`,
        zh: `${role} 无权保存日志 newday.repair_events：${grant}`,
      },
      data: { role, grant },
    },
  ];
}

/** Tables named in a finding; a role without rights on a schema would fill the screen. */
const NAMES_MAX = 10;

async function dumpRights({ client, server }: PreflightInput): Promise<Finding[]> {
  const names = await findUndumpable(client);
  if (names.length === 0) return [];
  const more = names.length > NAMES_MAX ? ` … (${names.length})` : "";
  const shown = `${names.slice(0, NAMES_MAX).join(", ")}${more}`;
  return [
    {
      id: "W47",
      severity: "warn",
      evidence: {
        en: `${server.role} may not read ${shown}`,
        zh: `${server.role} 无权读取 ${shown}`,
      },
      data: { names, role: server.role },
    },
  ];
}

function tableRights({ inspection, server }: PreflightInput): Finding[] {
  const touched = new Set(inspection.keys.map(({ tableOid }) => tableOid));
  const parents = new Set(inspection.keys.map(({ referencesOid }) => referencesOid));
  return inspection.tables.flatMap((table) => {
    const findings: Finding[] = [];
    const name = `${table.schema}.${table.name}`;
    const data = { table: name, owner: table.owner, role: server.role };
    if (touched.has(table.oid) && !table.mayAlter)
      findings.push({
        id: "B40",
        severity: "block",
        evidence: {
          en: `${name} belongs to ${table.owner}; you are ${server.role}`,
          zh: `${name} 属于 ${table.owner}；当前角色为 ${server.role}`,
        },
        data,
      });
    if (parents.has(table.oid) && !table.mayReference)
      findings.push({
        id: "B41",
        severity: "block",
        evidence: { en: `no REFERENCES on ${name}`, zh: `没有 ${name} 的 REFERENCES 权限` },
        data,
      });
    if ((parents.has(table.oid) || touched.has(table.oid)) && !table.mayLock)
      findings.push({
        id: "W43",
        severity: "warn",
        evidence: { en: `no right to lock ${name}`, zh: `无权锁定 ${name}` },
        data,
      });
    if (table.rowSecurity)
      findings.push({
        id: "W45",
        severity: "warn",
        evidence: { en: `row security is on for ${name}`, zh: `${name} 启用了行级安全` },
        data,
      });
    return findings;
  });
}

function sessionRights({ server }: PreflightInput): Finding[] {
  const findings: Finding[] = [];
  if (!server.seesOtherSessions)
    findings.push({
      id: "W42",
      severity: "warn",
      evidence: {
        en: `${server.role} is not a member of pg_read_all_stats`,
        zh: `${server.role} 不是 pg_read_all_stats 成员`,
      },
      data: { role: server.role },
    });
  const forced = [server.statementTimeoutMs, server.lockTimeoutMs].filter((ms) => ms > 0);
  if (forced.length > 0)
    findings.push({
      id: "B44",
      severity: Math.min(...forced) < STATEMENT_TIMEOUT_MS ? "block" : "warn",
      evidence: {
        en: `statement_timeout ${server.statementTimeoutMs} ms, lock_timeout ${server.lockTimeoutMs} ms`,
        zh: `statement_timeout ${server.statementTimeoutMs} ms，lock_timeout ${server.lockTimeoutMs} ms`,
      },
      data: { statementTimeoutMs: server.statementTimeoutMs, lockTimeoutMs: server.lockTimeoutMs },
    });
  return findings;
}
