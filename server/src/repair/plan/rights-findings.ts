/** Checks the role's rights: to change, to see, and to undo. */
import { STATEMENT_TIMEOUT_MS } from "../drop/round.ts";
import type { Finding } from "../model/finding.ts";
import type { PreflightInput } from "./preflight.ts";

export function rightsFindings(input: PreflightInput): Finding[] {
  return [...tableRights(input), ...sessionRights(input)];
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
        evidence: [
          `${name} belongs to ${table.owner}; you are ${server.role}`,
          `${name} 属于 ${table.owner}；当前角色为 ${server.role}`,
        ],
        data,
      });
    if (parents.has(table.oid) && !table.mayReference)
      findings.push({
        id: "B41",
        severity: "block",
        evidence: [`no REFERENCES on ${name}`, `没有 ${name} 的 REFERENCES 权限`],
        data,
      });
    if ((parents.has(table.oid) || touched.has(table.oid)) && !table.mayLock)
      findings.push({
        id: "W43",
        severity: "warn",
        evidence: [`no right to lock ${name}`, `无权锁定 ${name}`],
        data,
      });
    if (table.rowSecurity)
      findings.push({
        id: "W45",
        severity: "warn",
        evidence: [`row security is on for ${name}`, `${name} 启用了行级安全`],
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
      evidence: [
        `${server.role} is not a member of pg_read_all_stats`,
        `${server.role} 不是 pg_read_all_stats 成员`,
      ],
      data: { role: server.role },
    });
  const forced = [server.statementTimeoutMs, server.lockTimeoutMs].filter((ms) => ms > 0);
  if (forced.length > 0)
    findings.push({
      id: "B44",
      severity: Math.min(...forced) < STATEMENT_TIMEOUT_MS ? "block" : "warn",
      evidence: [
        `statement_timeout ${server.statementTimeoutMs} ms, lock_timeout ${server.lockTimeoutMs} ms`,
        `statement_timeout ${server.statementTimeoutMs} ms，lock_timeout ${server.lockTimeoutMs} ms`,
      ],
      data: { statementTimeoutMs: server.statementTimeoutMs, lockTimeoutMs: server.lockTimeoutMs },
    });
  return findings;
}
