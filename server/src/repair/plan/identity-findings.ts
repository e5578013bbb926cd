/** Checks that this is the right database, and writable. */
import type { Finding } from "../model/finding.ts";
import { connectionFindings } from "./connection-findings.ts";
import type { PreflightInput } from "./preflight.ts";

export function identityFindings(input: PreflightInput): Finding[] {
  const { server, target, marker, environment } = input;
  const findings: Finding[] = [];
  if (server.inRecovery || server.readOnly)
    findings.push({
      id: "B02",
      severity: "block",
      evidence: server.inRecovery
        ? { en: "pg_is_in_recovery() is true", zh: "pg_is_in_recovery() 为真" }
        : { en: "default_transaction_read_only is on", zh: "default_transaction_read_only 为 on" },
      data: { inRecovery: server.inRecovery, readOnly: server.readOnly },
    });
  if (marker !== undefined && marker !== environment)
    findings.push({
      id: "B06",
      severity: "block",
      evidence: {
        en: `the marker says "${marker}", the command says "${environment}"`,
        zh: `标记为“${marker}”，命令为“${environment}”`,
      },
      data: { marker, environment },
    });
  if (marker === undefined)
    findings.push({
      id: "W06",
      severity: "info",
      evidence: {
        en: `newday.environment is not set on ${server.database}`,
        zh: `${server.database} 未设置 newday.environment`,
      },
      data: {},
    });
  if (target.systemIdentifier === undefined)
    findings.push({
      id: "W10",
      severity: "warn",
      evidence: { en: "pg_control_system() is not allowed", zh: "不允许调用 pg_control_system()" },
      data: {},
    });
  const line = {
    peer: input.client.peer,
    endpoint: input.endpoint,
    environment,
    isNamed: input.isNamed,
  };
  return [...findings, ...connectionFindings(line)];
}
