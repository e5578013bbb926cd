/** Makes the things of an owner through the API, and says ids that name nothing. */
import { THINGS, type Ids, type State, type Thing } from "./access-line.ts";
import type { AccessWorld } from "./access-world.ts";

export interface Owner {
  readonly wallet: string;
  readonly token: string;
  /** Of the owner's platform, with every scope. */
  readonly key: string;
  readonly signIn: () => Promise<{ readonly id: string }>;
  /** Signs for the owner, or for another user of their platform. */
  readonly sign: (externalId?: string) => Promise<string>;
}

export interface Parties {
  readonly owner: Owner;
  readonly friend: Owner;
  /** Who bought what the owner sold. */
  readonly rival: Owner;
  /** A listing of another user, large enough for every request that buys from it. */
  readonly offer: string;
}

const STACK = 100;

export async function makeOffer(ask: Ask, { wallet: userId, key }: Owner): Promise<string> {
  const post = createPost(ask, key);
  const stack = { userId, name: "blade", type: "weapon", quantity: STACK };
  const { item } = await post("/items/grants", stack);
  const { id: itemId } = item as { readonly id: string };
  return idOf(post("/listings", { itemId, quantity: STACK, ...OFFER }));
}

type Ask = AccessWorld["ask"];
type Make = (post: Post, parties: Parties) => Promise<string>;
type Post = (path: string, body: object, as?: string) => Promise<Record<string, unknown>>;

const COIN = { currency: "game_coins" };
const OFFER = { prices: { game_coins: "5" } };
export const STOCK = {
  item: { name: "blade", type: "weapon" },
  price: { ...COIN, amount: "5" },
} as const;
const TOMORROW_MS = 86_400_000;
let made = 0;

const DEFINED = /^\/(recipes|item-types|rarities)\//;

/** Posts with the owner's platform key unless another credential is given; a refusal ends the test. */
function createPost(ask: Ask, key: string): Post {
  return async (path, body, as = key) => {
    const method = DEFINED.test(path) ? "PUT" : "POST";
    const url = path.startsWith("/api/") ? path : `/api/v1${path}`;
    const reply = await ask({ method, url, as, body });
    if (reply.status >= 300) throw new Error(`${path}: ${reply.status} ${reply.text}`);
    return reply.body;
  };
}

async function grant(post: Post, userId: string): Promise<string> {
  const { item } = await post("/items/grants", { userId, name: "blade", type: "weapon" });
  return (item as { readonly id: string }).id;
}

/** A type whose items have a field. */
async function defineType(post: Post): Promise<string> {
  const name = `rune_${String(++made).padStart(6, "0")}`;
  const power = { name: "power", kind: "integer", minimum: 0, maximum: 9 };
  await post(`/item-types/${name}`, { shownAs: "weapon", fields: [power] });
  return name;
}

async function list(post: Post, seller: string, more: object = {}): Promise<string> {
  return idOf(post("/listings", { itemId: await grant(post, seller), ...OFFER, ...more }));
}

async function idOf(posted: Promise<Record<string, unknown>>, member = "id"): Promise<string> {
  return String((await posted)[member]);
}

const MAKERS: Readonly<Record<Thing, Make>> = {
  wallet: async (_post, { owner }) => owner.wallet,
  item: (post, { owner }) => grant(post, owner.wallet),
  async exported(post, { owner }) {
    const id = await grant(post, owner.wallet);
    await post(`/items/${id}/exports`, { platform: "allinone" });
    return id;
  },
  async gift(post, { owner, friend }) {
    const id = await grant(post, friend.wallet);
    await post(`/items/${id}/gifts`, { to: owner.wallet }, friend.token);
    return id;
  },
  async imported(post, { owner }) {
    const itemId = `nd_access_${++made}`;
    const item = { itemId, name: "blade", itemType: "weapon", rarity: "common" };
    await post("/api/allinone/inventory/add", item, owner.token);
    return itemId;
  },
  listing: (post, { owner }) => list(post, owner.wallet),
  planned: (post, { owner }) =>
    list(post, owner.wallet, { startsAt: new Date(Date.now() + TOMORROW_MS).toISOString() }),
  transfer: (post, { owner, friend }) =>
    idOf(post("/transfers", { from: owner.wallet, to: friend.wallet, ...COIN, amount: "5" })),
  async purchase(post, { owner, rival }) {
    const listingId = await list(post, owner.wallet);
    return idOf(post("/purchases", { userId: rival.wallet, listingId }), "transferId");
  },
  async linked(post, { owner }) {
    const assertion = await owner.sign(`linked-${crypto.randomUUID()}`);
    return idOf(post("/links", { assertion }, owner.token), "userId");
  },
  session: async (_post, { owner }) => (await owner.signIn()).id,
  hold: (post, { owner, friend }) =>
    idOf(post("/holds", { from: owner.wallet, to: friend.wallet, ...COIN, amount: "5" })),
  limit: (post, { owner }) =>
    idOf(
      post("/limits", {
        scope: "user",
        userId: owner.wallet,
        ...COIN,
        window: "rolling",
        seconds: 3_600,
        maximum: "900",
        reason: "access",
      }),
    ),
  recipe: (post) =>
    idOf(
      post(`/recipes/access-${++made}`, {
        name: "blade",
        inputs: [],
        outputs: [{ item: { name: "blade", type: "weapon" }, quantity: 1 }],
      }),
    ),
  stock: (post) => idOf(post("/stock", STOCK)),
  async typed(post, { owner }) {
    const type = await defineType(post);
    const { item } = await post("/items/grants", { userId: owner.wallet, name: "blade", type });
    return (item as { readonly id: string }).id;
  },
  itemType: defineType,
  async rarity(post) {
    const name = `glow_${String(++made).padStart(6, "0")}`;
    await post(`/rarities/${name}`, { shownAs: "rare" });
    return name;
  },
};

const STATES: Readonly<Record<State, (post: Post, wallet: string) => Promise<unknown>>> = {
  closed: (post, wallet) => post(`/wallets/${wallet}/accounts/computing_power/close`, {}),
  frozen: (post, wallet) => post(`/users/${wallet}/freeze`, { reason: "access" }),
  consenting: (post, wallet) =>
    post(`/wallets/${wallet}/consents`, {
      platform: "mars",
      ...COIN,
      perDay: "5",
      verbs: ["transfer"],
      reason: "access",
    }),
};

/** The owner's ids of these things; those of the others are empty. */
export async function makeIds(
  ask: Ask,
  parties: Parties,
  wanted: { readonly things?: readonly Thing[]; readonly state?: State | undefined } = {},
): Promise<Ids> {
  const { owner, friend, offer } = parties;
  const { things = Object.keys(THINGS) as Thing[], state } = wanted;
  const post = createPost(ask, owner.key);
  const ids = await Promise.all(
    things.map(async (thing) => [thing, await MAKERS[thing](post, parties)] as const),
  );
  const assertion = await owner.sign();
  if (state) await STATES[state](post, owner.wallet);
  const near = { friend: friend.wallet, offer, token: owner.token, assertion };
  return { wallet: owner.wallet, ...Object.fromEntries(ids), ...near } as Ids;
}

/** An id of the same form that names nothing. */
export function ghostOf(id: string): string {
  if (/[0-9a-f]{32}$|[0-9a-f]{12}$/.test(id)) return id.replaceAll(/[0-9a-f](?=[0-9a-f-]*$)/g, "0");
  return id.replace(/[^:]+$/, (own) => own.replaceAll(/[0-9]+/g, "9999"));
}
