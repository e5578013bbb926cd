/** The old server's routes that the partner's page calls, with the faults that the paper describes. */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { text } from "node:stream/consumers";
import type { Pool } from "pg";

interface Asked {
  readonly pool: Pool;
  readonly userId: string;
  readonly body: Readonly<Record<string, string>>;
}

type Answer = Readonly<Record<string, unknown>>;

/** Tokens of this process; the old server forgot them at a restart, too. */
const tokens = new Map<string, string>();

const ROUTES: readonly (readonly [
  method: string,
  path: RegExp,
  (asked: Asked) => Promise<Answer>,
])[] = [
  ["GET", /^\/api\/shared\/marketplace/, showMarket],
  ["GET", /^\/api\/shared\/wallet\/(?<userId>[^/?]+)/, showWallet],
  ["POST", /^\/api\/allinone\/auth\/login/, logIn],
  [
    "GET",
    /^\/api\/allinone\/wallet\/balance/,
    async (asked) => ({ balance: (await showWallet(asked))["wallet"] }),
  ],
  ["GET", /^\/api\/allinone\/inventory/, showInventory],
  ["GET", /^\/api\/allinone\/market\/list/, showMarket],
  ["POST", /^\/api\/allinone\/market\/purchase/, buy],
  ["POST", /^\/api\/allinone\/market\/transfer/, exportItem],
];

export async function listenAsOldServer(pool: Pool): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(pool, request)
      .then((body) => ({ status: 200, body: { success: true, ...body } }))
      // As the paper shows it: a 500 with the SQL in it, without the reason.
      .catch((error: unknown) => ({ status: 500, body: { success: false, error: String(error) } }))
      .then(({ status, body }) => {
        response
          .writeHead(status, { "content-type": "application/json" })
          .end(JSON.stringify(body));
      });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return server;
}

async function answer(pool: Pool, request: IncomingMessage): Promise<Answer> {
  const { method = "GET", url = "/", headers } = request;
  const sent = await text(request);
  const body = sent === "" ? {} : (JSON.parse(sent) as Record<string, string>);
  const bearer = tokens.get(headers.authorization?.replace("Bearer ", "") ?? "") ?? "";
  for (const [known, path, route] of ROUTES) {
    const found = known === method ? path.exec(url) : null;
    if (found) return route({ pool, body, userId: found.groups?.["userId"] ?? bearer });
  }
  throw new Error(`no such route: ${method} ${url}`);
}

async function showMarket({ pool }: Asked): Promise<Answer> {
  const { rows } = await pool.query(
    `select * from "market_items" where "status" = 'active' order by "price", "id" limit 50`,
  );
  return { items: rows };
}

/** Creates the wallet where there is none: for a user without a player row the key refuses it. */
async function showWallet({ pool, userId }: Asked): Promise<Answer> {
  const { rows } = await pool.query('select * from "wallets" where "user_id" = $1', [userId]);
  if (rows[0]) return { wallet: rows[0], isNewWallet: false };
  const made = await pool.query('insert into "wallets" ("user_id") values ($1) returning *', [
    userId,
  ]);
  return { wallet: made.rows[0], isNewWallet: true };
}

/** A login makes a player of everybody, of the platform that the caller claims. */
async function logIn({ pool, body }: Asked): Promise<Answer> {
  const userId = body["allinoneUserId"] ?? "";
  await pool.query(
    `insert into "players" ("id", "nickname", "preferences") values ($1, $2, '{"platform": "allinone"}')
      on conflict ("id") do nothing`,
    [userId, body["allinoneUsername"] ?? "Player"],
  );
  const token = `nd_token_${randomUUID()}`;
  tokens.set(token, userId);
  return { token, userId, data: { token, userId } };
}

async function showInventory({ pool, userId }: Asked): Promise<Answer> {
  const { rows } = await pool.query('select * from "user_inventories" where "user_id" = $1', [
    userId,
  ]);
  return { items: rows };
}

async function buy({ pool, userId, body }: Asked): Promise<Answer> {
  const { rows } = await pool.query<{ id: string; name: string; price: number }>(
    'select * from "market_items" where "id" = $1',
    [body["itemId"]],
  );
  const [item] = rows;
  if (!item) throw new Error("no such item");
  await pool.query('update "wallets" set "game_coins" = "game_coins" - $2 where "user_id" = $1', [
    userId,
    item.price,
  ]);
  await pool.query(
    `insert into "transactions" ("buyer_id", "item_id", "price", "total_amount", "seller_receives", "currency", "transaction_type")
      values ($1, $2, $3, $3, $3, 'game_coins', 'game_store')`,
    [userId, item.id, item.price],
  );
  await pool.query(
    'insert into "user_inventories" ("user_id", "item_id", "item_name") values ($1, $2, $3)',
    [userId, item.id, item.name],
  );
  return { message: "购买成功" };
}

async function exportItem({ pool, userId, body }: Asked): Promise<Answer> {
  await pool.query('delete from "user_inventories" where "id" = $1 and "user_id" = $2', [
    body["itemId"],
    userId,
  ]);
  return { message: "转移成功" };
}
