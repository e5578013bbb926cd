/** `GET /api/admin/users/{userId}` and its timeline. */
import { Type } from "typebox";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import { readTimeline, type Timeline } from "../../../operators/timeline/read-timeline.ts";
import {
  TIMELINE_KINDS,
  type TimelinePosition,
} from "../../../operators/timeline/timeline-event.ts";
import { findWalletNumber, readUserPage } from "../../../operators/users/user-page.ts";
import type { Services } from "../../context/services.ts";
import type { V1App } from "../../v1/app/v1-app.ts";
import { toPage } from "../../v1/replies/page.ts";
import { decodeCursor, encodeCursor } from "../../v1/request/cursor.ts";
import {
  oneOf,
  PAGE_SIZE_DEFAULT,
  pageOf,
  pageQuery,
  ref,
  strictObject,
} from "../../v1/schemas/schemas.ts";
import { AnyUserId, TimelineEventSchema, UserPageSchema } from "../app/schemas-users.ts";
import { moneyAsText, moneyOfText } from "../app/money-position.ts";
import { toTimelineEvent, toUserPage } from "../app/user-replies.ts";

const tags = ["Users"];
const params = strictObject({ userId: AnyUserId });
const config = { operators: { role: "viewer" } } as const;

const userSchema = {
  operationId: "getUserPage",
  tags,
  title: { en: "Read everything about a user", zh: "查看用户全貌" },
  description: "Reading opens no wallet.",
  params,
  response: { 200: ref(UserPageSchema) },
};

const timelineSchema = {
  operationId: "listUserEvents",
  tags,
  title: { en: "Read the timeline of a user", zh: "查看用户时间线" },
  description:
    "Newest first: money in all currencies, items, the market, logins, limits and freezes, and the acts of operators, " +
    "each with who did it; of one kind where it is given. Events that come meanwhile are left to a new first page.",
  params,
  querystring: strictObject({ ...pageQuery, kind: Type.Optional(oneOf(TIMELINE_KINDS)) }),
  response: { 200: pageOf(ref(TimelineEventSchema)) },
};

export function getUserRoutes(admin: V1App, { db }: Services): void {
  admin.get("/users/:userId", { schema: userSchema, config }, async (request) =>
    toUserPage(await readUserPage(db, request.params.userId, new Date())),
  );

  admin.get("/users/:userId/timeline", { schema: timelineSchema, config }, async (request) => {
    const { userId } = request.params;
    const { limit = PAGE_SIZE_DEFAULT, cursor, kind, ...unread } = request.query;
    unread satisfies NothingElse;
    const listing = { timeline: { userId, kind } };
    const position = decodeCursor(listing, cursor, POSITION_FORMS);
    const user = { userId, wallet: await findWalletNumber(db, userId) };
    const after = position && toPosition(position);
    const timeline = await readTimeline(db, user, { kind, after, limit });
    return toTimelinePage(timeline, (next) => encodeCursor(listing, fromPosition(next)));
  });
}

/** Bounded in events alone: each is small. */
function toTimelinePage({ events, next }: Timeline, cursorOf: (next: TimelinePosition) => string) {
  const { data } = toPage(events, events.map(toTimelineEvent), () => "");
  return { data, nextCursor: next === undefined ? null : cursorOf(next) };
}

const POSITION_FORMS = { micros: "number", rank: "number", key: "text", money: "text" } as const;
type StoredPosition = Readonly<Record<keyof typeof POSITION_FORMS, string>>;

function fromPosition({ micros, rank, key, money }: TimelinePosition): StoredPosition {
  return { micros: `${micros}`, rank: `${rank}`, key, money: moneyAsText(money) };
}

function toPosition({ micros, rank, key, money }: StoredPosition): TimelinePosition {
  return { micros: BigInt(micros), rank: Number(rank), key, money: moneyOfText(money) };
}
