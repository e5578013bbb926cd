/** `/api/admin/audit`: the continuous audit's state and findings, runs on demand, and the end of a finding. */
import { Type } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import { RUN_STEPS } from "../../../integrity/continuous/audit-run.ts";
import {
  findAuditRun,
  findLatestRun,
  insertRun,
  listFindings,
  listPositions,
} from "../../../integrity/continuous/audit-store.ts";
import { closeFinding } from "../../../integrity/continuous/freeze-finding.ts";
import { INVARIANTS } from "../../../integrity/continuous/invariants.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import type { Services } from "../../context/services.ts";
import type { V1App } from "../../v1/app/v1-app.ts";
import { toPage } from "../../v1/replies/page.ts";
import { decodeCursor, encodeCursor } from "../../v1/request/cursor.ts";
import {
  dryRunQuery,
  Id,
  oneOf,
  PAGE_SIZE_DEFAULT,
  pageQuery,
  ref,
  strictObject,
} from "../../v1/schemas/schemas.ts";
import { showFinding, showInvariant, showRun } from "../app/audit-replies.ts";
import { contextOf, operatorOf } from "../app/operator-of-request.ts";
import { ReasonSchema } from "../app/schemas-admin.ts";
import { AuditRunSchema, AuditSchema, FindingSchema } from "../app/schemas-audit.ts";

const tags = ["Audit"];
const viewers = { operators: { role: "viewer" } } as const;
const params = strictObject({ id: ref(Id) });

const auditSchema = {
  operationId: "getAudit",
  tags,
  title: { en: "Read the continuous audit", zh: "查看持续审计" },
  description: `How far each invariant was checked, the latest run on demand, and the findings, newest first. One server of the database checks;
a finding was seen twice, and its user is frozen on the audit's own side until the finding is closed.`,
  querystring: strictObject({ ...pageQuery, state: Type.Optional(oneOf(["open", "closed"])) }),
  response: { 200: ref(AuditSchema) },
};

const runSchema = {
  operationId: "postAuditRun",
  tags,
  title: { en: "Run the audit", zh: "执行审计" },
  description:
    "Checks everything from the beginning, beside the postings and a few hundredths of the time.",
  body: strictObject({}),
  response: { 202: ref(AuditRunSchema) },
};

const getRunSchema = {
  operationId: "getAuditRun",
  tags,
  title: { en: "Read the progress of a run", zh: "查看审计进度" },
  params,
  response: { 200: ref(AuditRunSchema) },
};

const closingSchema = {
  operationId: "postFindingClosing",
  tags,
  title: { en: "Close a finding", zh: "关闭审计发现" },
  description: `Ends the audit's freeze of the user with the last open finding. What still breaks an invariant
becomes a new finding at the next reading.`,
  params,
  querystring: dryRunQuery,
  body: strictObject({ reason: ref(ReasonSchema) }),
  response: {
    200: Type.Object({
      finding: ref(FindingSchema),
      unfreezes: Type.Boolean(),
      dryRun: Type.Boolean(),
    }),
  },
};

export function auditRoutes(admin: V1App, services: Services): void {
  const { db } = services;
  admin.get("/audit", { schema: auditSchema, config: viewers }, async (request) => {
    const { limit = PAGE_SIZE_DEFAULT, cursor, state } = request.query;
    const listing = { findings: { state } };
    const before = decodeCursor(listing, cursor, { at: "time", id: "uuid" });
    const open = state === undefined ? undefined : state === "open";
    const positions = await listPositions(db);
    const rows = await listFindings(db, { open, before, limit: limit + 1 });
    const page = toPage(rows, rows.slice(0, limit).map(showFinding), ({ foundAt, id }) =>
      encodeCursor(listing, { at: foundAt.toISOString(), id }),
    );
    const latest = await findLatestRun(db);
    return {
      invariants: INVARIANTS.map((row) => showInvariant(row, positions)),
      latestRun: latest ? showRun(latest) : null,
      ...page,
    };
  });
  const support = { operators: { role: "support" } } as const;
  admin.post("/audit/runs", { schema: runSchema, config: support }, async (request, reply) => {
    const run = await insertRun(db, { askedBy: operatorOf(request).name, steps: RUN_STEPS });
    return reply.code(202).send(showRun(run));
  });
  admin.get("/audit/runs/:id", { schema: getRunSchema, config: viewers }, async (request) => {
    const run = await findAuditRun(db, request.params.id);
    if (!run) throw new NewDayError("not_found", {});
    return showRun(run);
  });
  const economist = { operators: { role: "economist" } } as const;
  admin.post(
    "/audit/findings/:id/closing",
    { schema: closingSchema, config: economist },
    async (request) => {
      const { reason, ...unread } = request.body;
      unread satisfies NothingElse;
      const { operator, dryRun } = contextOf(request, reason);
      const closed = await closeFinding(services, { operator, dryRun, reason }, request.params.id);
      return { finding: showFinding(closed.finding), unfreezes: closed.unfreezes, dryRun };
    },
  );
}
