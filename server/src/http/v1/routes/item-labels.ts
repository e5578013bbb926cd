/** `/api/v1/item-types` and `/api/v1/rarities`: labels of the caller's platform. */
import { Type } from "typebox";
import { defineLabel, requireLabel, retireLabel } from "../../../items/labels/define-label.ts";
import type { LabelKind } from "../../../items/labels/label-name.ts";
import { listLabels } from "../../../items/labels/label-queries.ts";
import { decodeCursor, encodeCursor } from "../request/cursor.ts";
import { toItemType, toRarity } from "../replies/label-reply.ts";
import { toPage } from "../replies/page.ts";
import {
  FieldRuleSchema,
  ItemTypeDefinition,
  ItemTypeSchema,
  LabelName,
  RarityDefinition,
  RaritySchema,
} from "../schemas/schemas-item-types.ts";
import { PAGE_SIZE_DEFAULT, pageOf, pageQuery, ref, strictObject } from "../schemas/schemas.ts";
import { FIELDS_MAX } from "../../../items/items/field-rules.ts";
import type { Caller } from "../app/caller.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";

const params = strictObject({ name: ref(LabelName) });
const querystring = strictObject(pageQuery);
const reads = { access: { scope: "items:read", users: true } } as const;
const defines = { access: { scope: "items:grant", users: false } } as const;

const types = {
  put: {
    operationId: "putItemType",
    tags: ["Item types"],
    title: { en: "Define an item type", zh: "定义道具类型" },
    description:
      "Items of the type show `type` as `platform:name`; `shownAs` is the one of the nine that older clients see. " +
      "`fields` are what its items have. The same text again changes nothing; another one is a new version, which " +
      "holds for what is made or changed from then on, and ends a retirement. Named as one of the nine, it declares " +
      "which stats the imports of the platform's users may bring.",
    params,
    body: strictObject({
      shownAs: ref(ItemTypeSchema),
      fields: Type.Optional(
        Type.Array(ref(FieldRuleSchema), {
          maxItems: FIELDS_MAX,
          description: `an array of at most ${FIELDS_MAX} fields`,
        }),
      ),
    }),
    response: { 200: ref(ItemTypeDefinition), 201: ref(ItemTypeDefinition) },
  },
  retire: {
    operationId: "postItemTypeRetire",
    tags: ["Item types"],
    title: { en: "Retire an item type", zh: "停用道具类型" },
    description:
      "Grants, imports and recipes refuse it. Its items stay as they are, and their fields can be changed; recipes and " +
      "stock that make it already go on.",
    params,
    body: strictObject({}),
    response: { 200: ref(ItemTypeDefinition) },
  },
  list: {
    operationId: "listItemTypes",
    tags: ["Item types"],
    title: { en: "List the item types of the platform", zh: "列出平台的道具类型" },
    description: "The platform's own; the nine of `baseType` belong to all platforms.",
    querystring,
    response: { 200: pageOf(ref(ItemTypeDefinition)) },
  },
  get: {
    operationId: "getItemType",
    tags: ["Item types"],
    title: { en: "Read an item type", zh: "查询道具类型" },
    params,
    response: { 200: ref(ItemTypeDefinition) },
  },
};

const rarities = {
  put: {
    operationId: "putRarity",
    tags: ["Item types"],
    title: { en: "Define a rarity", zh: "定义稀有度" },
    description:
      "Items show it as `platform:name`; `shownAs` is the one of the five that older clients see. Defining it again " +
      "ends a retirement.",
    params,
    body: strictObject({ shownAs: ref(RaritySchema) }),
    response: { 200: ref(RarityDefinition), 201: ref(RarityDefinition) },
  },
  retire: {
    operationId: "postRarityRetire",
    tags: ["Item types"],
    title: { en: "Retire a rarity", zh: "停用稀有度" },
    description: "Nothing new is made of it; items that have it keep it.",
    params,
    body: strictObject({}),
    response: { 200: ref(RarityDefinition) },
  },
  list: {
    operationId: "listRarities",
    tags: ["Item types"],
    title: { en: "List the rarities of the platform", zh: "列出平台的稀有度" },
    description: "The platform's own; the five of `baseRarity` belong to all platforms.",
    querystring,
    response: { 200: pageOf(ref(RarityDefinition)) },
  },
  get: {
    operationId: "getRarity",
    tags: ["Item types"],
    title: { en: "Read a rarity", zh: "查询稀有度" },
    params,
    response: { 200: ref(RarityDefinition) },
  },
};

export function itemTypeRoutes(v1: V1App, { db }: Services): void {
  v1.put("/item-types/:name", { schema: types.put, config: defines }, async (request, reply) => {
    const { shownAs, fields = [], ...unread } = request.body;
    unread satisfies NothingElse;
    const named = namedBy(callerOf(request), "type", request.params);
    const { label, isNew } = await defineLabel(db, { ...named, shownAs, fields });
    if (isNew) void reply.code(201);
    return toItemType(label);
  });

  v1.post("/item-types/:name/retire", { schema: types.retire, config: defines }, async (request) =>
    toItemType(await retireLabel(db, namedBy(callerOf(request), "type", request.params))),
  );

  v1.get("/item-types", { schema: types.list, config: reads }, async (request) =>
    listPage(db, { caller: callerOf(request), kind: "type", page: request.query }, toItemType),
  );

  v1.get("/item-types/:name", { schema: types.get, config: reads }, async (request) =>
    toItemType(await requireLabel(db, namedBy(callerOf(request), "type", request.params))),
  );
}

export function rarityRoutes(v1: V1App, { db }: Services): void {
  v1.put("/rarities/:name", { schema: rarities.put, config: defines }, async (request, reply) => {
    const { shownAs, ...unread } = request.body;
    unread satisfies NothingElse;
    const named = namedBy(callerOf(request), "rarity", request.params);
    const { label, isNew } = await defineLabel(db, { ...named, shownAs, fields: [] });
    if (isNew) void reply.code(201);
    return toRarity(label);
  });

  v1.post("/rarities/:name/retire", { schema: rarities.retire, config: defines }, async (request) =>
    toRarity(await retireLabel(db, namedBy(callerOf(request), "rarity", request.params))),
  );

  v1.get("/rarities", { schema: rarities.list, config: reads }, async (request) =>
    listPage(db, { caller: callerOf(request), kind: "rarity", page: request.query }, toRarity),
  );

  v1.get("/rarities/:name", { schema: rarities.get, config: reads }, async (request) =>
    toRarity(await requireLabel(db, namedBy(callerOf(request), "rarity", request.params))),
  );
}

function namedBy(
  { platform, name: changedBy }: Caller,
  kind: LabelKind,
  { name }: { readonly name: string },
) {
  return { platform, kind, name, changedBy };
}

interface Listing {
  readonly caller: Caller;
  readonly kind: LabelKind;
  readonly page: { readonly limit?: number; readonly cursor?: string };
}

async function listPage<Entry>(
  db: Services["db"],
  { caller: { platform }, kind, page }: Listing,
  show: (label: Awaited<ReturnType<typeof requireLabel>>) => Entry,
) {
  const { limit = PAGE_SIZE_DEFAULT, cursor, ...unread } = page;
  unread satisfies NothingElse;
  const listing = ["labels", platform, kind];
  const after = decodeCursor(listing, cursor, { id: "text" })?.id ?? null;
  const rows = await listLabels(db, { platform, kind }, { after, limit: limit + 1 });
  return toPage(rows, rows.slice(0, limit).map(show), ({ skeleton }) =>
    encodeCursor(listing, { id: skeleton }),
  );
}
