/** `GET /api/admin/acts`: the log of what operators did, newest first. */
import { Type } from "typebox";
import { listOperatorActs } from "../../../operators/act-queries.ts";
import type { Services } from "../../context/services.ts";
import type { V1App } from "../../v1/app/v1-app.ts";
import { toPage } from "../../v1/replies/page.ts";
import { decodeCursor, encodeCursor } from "../../v1/request/cursor.ts";
import {
  PAGE_SIZE_DEFAULT,
  pageOf,
  pageQuery,
  ref,
  strictObject,
} from "../../v1/schemas/schemas.ts";
import { ActSchema } from "../app/schemas-admin.ts";

const schema = {
  operationId: "listActs",
  tags: ["Operators"],
  title: { en: "List the acts of operators", zh: "列出运维操作" },
  description: "Newest first; of one operator or about one subject where they are given.",
  querystring: strictObject({
    ...pageQuery,
    operator: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    subject: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  }),
  response: { 200: pageOf(ref(ActSchema)) },
};

const config = { operators: { role: "viewer" } } as const;

export function operatorActRoutes(admin: V1App, { db }: Services): void {
  admin.get("/acts", { schema, config }, async (request) => {
    const { limit = PAGE_SIZE_DEFAULT, cursor, operator, subject } = request.query;
    const listing = { acts: { operator, subject } };
    const position = decodeCursor(listing, cursor, { id: "number" });
    const rows = await listOperatorActs(db, {
      operator,
      subject,
      before: position && BigInt(position.id),
      limit: limit + 1,
    });
    const acts = rows.slice(0, limit).map(({ id, at, ...act }) => ({
      ...act,
      id: `${id}`,
      at: at.toISOString(),
    }));
    return toPage(rows, acts, ({ id }) => encodeCursor(listing, { id: `${id}` }));
  });
}
