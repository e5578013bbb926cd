/** `GET /api/v1/links`: the identities whose logins open the caller's wallet. */
import { Type } from "typebox";
import { listLinksTo } from "../../../identity/link-queries.ts";
import type { Services } from "../../context/services.ts";
import type { V1App } from "../app/v1-app.ts";
import { toLink } from "../replies/link-reply.ts";
import { userCallerOf } from "../request/user-session.ts";
import { LinkSchema } from "../schemas/schemas-sessions.ts";
import { ref, strictObject } from "../schemas/schemas.ts";

const schema = {
  operationId: "listLinks",
  tags: ["Links"],
  title: { en: "List the identities that open the wallet", zh: "列出可打开钱包的关联身份" },
  description: "Oldest first, twenty at most.",
  response: { 200: strictObject({ data: Type.Array(ref(LinkSchema)) }) },
};

const config = { access: { scope: null, users: true } };

export function listLinksRoute(v1: V1App, services: Services): void {
  v1.get("/links", { schema, config }, async (request) => {
    const links = await listLinksTo(services.db, userCallerOf(request).userId);
    return { data: links.map(toLink) };
  });
}
