/** `GET /api/v1/users/{userId}/export`: everything about a person, streamed. */
import { Readable } from "node:stream";
import { NewDayError } from "../../../errors/errors.ts";
import { exportPerson } from "../../../privacy/export-person.ts";
import { requireWallet } from "../app/authorization-scope.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import { requireProof } from "../request/user-session.ts";
import { PersonExport } from "../schemas/schemas-privacy.ts";
import { ref, strictObject, UserId } from "../schemas/schemas.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "exportUser",
  tags: ["Users"],
  title: { en: "Export everything about a person", zh: "导出某人的全部数据" },
  description:
    "One JSON document: accounts with every entry, and the rows of each table that docs/privacy.md lists. Amounts " +
    "are strings of minor units. The other side of a payment is there by its public user id, never by its name. " +
    "By a key, or by a session that a proof opened.",
  params: strictObject({ userId: ref(UserId) }),
  response: { 200: { content: { "application/json": { schema: PersonExport } } } } as unknown,
};

const config = { access: { scope: "users:export", users: true } } as const;

export function exportUserRoute(v1: V1App, services: Services): void {
  v1.get("/users/:userId/export", { schema, config }, async (request, reply) => {
    const caller = callerOf(request);
    const wallet = await requireWallet(services.directory, caller, request.params.userId);
    if (wallet.role !== null) throw new NewDayError("wallet_not_found", { field: "userId" });
    requireProof(caller, {
      en: "an export needs a proof of the user",
      zh: "导出需要用户的证明",
    });
    const person = { userId: wallet.userId, wallet: wallet.number };
    return reply
      .type("application/json")
      .header("content-disposition", `attachment; filename="person.json"`)
      .send(Readable.from(exportPerson(services.db, person)));
  });
}
