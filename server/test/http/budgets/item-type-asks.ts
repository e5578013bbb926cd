/** The worst legal request of a platform's own item types and rarities and of their items, and its budget. */
import { importItem } from "../../../src/items/imports/import-item.ts";
import { BULK, OWN_ITEM_POST, PAGE, POST, READ, V1 } from "./v1-budgets.ts";
import {
  LARGEST,
  OWN_ITEM,
  OWN_RARITY,
  OWN_TYPE,
  PAYEES,
  REFERENCE,
  RICH,
  RULES,
  type Asks,
  type WorstWorld,
} from "./worst-world.ts";

/** Of each kind, as many as a platform may have (`LABELS_MAX`); the world has one. */
const OTHERS = Array.from({ length: 199 }, (_, n) => `n${n}`);
const OTHER_TYPE = { shownAs: "special", fields: RULES };

/** Without the one that is retired below. */
const LIVE = OTHERS.slice(2);
/** Of every type and rarity, with the first of the fields. */
const OWN_GRANTS = Array.from({ length: 1_000 }, (_, n) => ({
  userId: RICH,
  name: `grant ${n}`,
  description: "d".repeat(500),
  type: LIVE[n % LIVE.length],
  rarity: LIVE[n % LIVE.length],
  fields: Object.fromEntries(Object.entries(OWN_ITEM.fields).slice(0, 1)),
}));

function putAll({ call }: WorstWorld, path: string, body: object) {
  return Promise.all(OTHERS.map((name) => call("PUT", `${path}/${name}`, { body })));
}

const EXTERNAL_ID = "e".repeat(255);
/** Below the imports of a user and day. */
const IMPORTS_EACH = 3;

/** More than a page of items that name the same id of their platform. */
async function importMany({ services }: WorstWorld): Promise<void> {
  const owners = PAYEES.slice(0, 70);
  const facts = { ...LARGEST, itemType: "weapon", rarity: "common", icon: null, imageUrl: null };
  const imports = owners.flatMap((ownerId) =>
    Array.from({ length: IMPORTS_EACH }, (_, n) => ({
      ownerId,
      externalId: `nd_${n}`,
      source: "allinone",
      allinoneItemId: EXTERNAL_ID,
      quantity: 1,
      facts: facts as Parameters<typeof importItem>[1]["facts"],
      address: null,
    })),
  );
  await Promise.all(imports.map((one) => importItem(services, one)));
}

export const itemTypeAsks: Asks = {
  [`GET ${V1}/item-types`]: async (world) => {
    await putAll(world, "/item-types", OTHER_TYPE);
    return { url: `${V1}/item-types?limit=200`, as: "key", budget: PAGE };
  },
  [`GET ${V1}/item-types/{name}`]: () => ({
    url: `${V1}/item-types/${OWN_TYPE}`,
    as: "key",
    budget: { ...READ, bytes: 9_000, entries: 40 },
  }),
  // A change reads the version before and compares both texts.
  [`PUT ${V1}/item-types/{name}`]: () => ({
    url: `${V1}/item-types/n0`,
    body: { ...OTHER_TYPE, shownAs: "material" },
    as: "key",
    budget: { ...POST, entries: 40 },
  }),
  [`POST ${V1}/item-types/{name}/retire`]: () => ({
    url: `${V1}/item-types/n1/retire`,
    body: {},
    as: "key",
    budget: { ...POST, entries: 40 },
  }),
  [`GET ${V1}/rarities`]: async (world) => {
    await putAll(world, "/rarities", { shownAs: "epic" });
    return { url: `${V1}/rarities?limit=200`, as: "key", budget: PAGE };
  },
  [`POST ${V1}/items/grants/bulk`]: () => ({
    url: `${V1}/items/grants/bulk`,
    body: { mode: "atomic", grants: OWN_GRANTS },
    as: "key",
    // Each grant has facts of its own, which are a statement and two hashes.
    budget: { ...BULK, statements: 1_100, rows: 600, hashes: 5_500, hashedBytes: 2_500_000 },
  }),
  [`GET ${V1}/rarities/{name}`]: () => ({
    url: `${V1}/rarities/${OWN_RARITY}`,
    as: "key",
    budget: READ,
  }),
  [`PUT ${V1}/rarities/{name}`]: () => ({
    url: `${V1}/rarities/n0`,
    body: { shownAs: "common" },
    as: "key",
    budget: POST,
  }),
  [`POST ${V1}/rarities/{name}/retire`]: () => ({
    url: `${V1}/rarities/n1/retire`,
    body: {},
    as: "key",
    budget: POST,
  }),
  [`GET ${V1}/items`]: async (world) => {
    await importMany(world);
    return { url: `${V1}/items?limit=200&externalId=${EXTERNAL_ID}`, as: "key", budget: PAGE };
  },
  [`PATCH ${V1}/items/{id}`]: async ({ call }) => {
    const body = { userId: RICH, ...OWN_ITEM, quantity: 1_000 };
    const { item } = (await call("POST", "/items/grants", { body })).body;
    const fields = Object.fromEntries(
      Object.keys(OWN_ITEM.fields).map((name) => [name, "d".repeat(20)]),
    );
    const url = `${V1}/items/${item.id}`;
    return { url, body: { fields, ...REFERENCE }, as: "key", budget: OWN_ITEM_POST };
  },
};
