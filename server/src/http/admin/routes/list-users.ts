/** `GET /api/admin/users`: the search for users. */
import type { NothingElse } from "../../../lib/nothing-else.ts";
import { requireSearchText } from "../../../operators/search/search-text.ts";
import { searchUsers } from "../../../operators/users/search-users.ts";
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
import { toUserSummary } from "../app/user-replies.ts";
import { SearchText, UserSummarySchema } from "../app/schemas-users.ts";

const schema = {
  operationId: "searchUsers",
  tags: ["Users"],
  title: { en: "Search users", zh: "搜索用户" },
  description:
    "By any part of name, id or external id, of every platform. Users whose id or external id is the whole text come " +
    "first, the others in an order that stays the same from page to page.",
  querystring: strictObject({ ...pageQuery, q: SearchText }),
  response: { 200: pageOf(ref(UserSummarySchema)) },
};

const config = { operators: { role: "viewer" } } as const;

export function listUsersRoute(admin: V1App, { db }: Services): void {
  admin.get("/users", { schema, config }, async (request) => {
    const { limit = PAGE_SIZE_DEFAULT, cursor, q, ...unread } = request.query;
    unread satisfies NothingElse;
    const part = await requireSearchText(db, q);
    const listing = { users: part };
    const position = decodeCursor(listing, cursor, { place: "number", id: "text" });
    const after = position && { place: BigInt(position.place), id: position.id };
    const rows = await searchUsers(db, { part, after, limit: limit + 1 });
    const entries = rows.slice(0, limit).map(toUserSummary);
    return toPage(rows, entries, ({ position: { place, id } }) =>
      encodeCursor(listing, { place: `${place}`, id }),
    );
  });
}
