/**
 * An imitation of the server that New Day replaces, as a process of its own: its routes as the
 * partner calls them, and its own players, who never pause. Its SQL names no schema, as that of an
 * ORM does, and it logs in as the owner of the tables.
 *
 * Arguments: the database's URL and the number of players. It reports its address, and answers a
 * question with the measured calls since the last one, over the channel to its parent.
 */
import type { AddressInfo } from "node:net";
import pg from "pg";
import { createTally } from "./measured.ts";
import { listenAsOldServer } from "./old-server-routes.ts";
import { playUntil } from "./old-server-players.ts";

const [url = "", players = "1"] = process.argv.slice(2);
/** One session for each player and two for the partner. */
const pool = new pg.Pool({
  connectionString: url,
  max: Number(players) + 2,
  application_name: "old-server",
});
pool.on("error", () => undefined); // a broken idle session is no call of a player
const tally = createTally();
let isStopping = false;

process.on("message", (question: "measure" | "stop") => {
  process.send?.({ measured: tally.take() });
  isStopping = question === "stop";
});

const server = await listenAsOldServer(pool);
const { port } = server.address() as AddressInfo;
process.send?.({ base: `http://127.0.0.1:${port}` });
await playUntil(() => isStopping, { pool, tally, players: Number(players) });
await pool.end();
server.close();
process.disconnect();
