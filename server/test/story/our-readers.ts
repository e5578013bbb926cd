/** Clients of this repository's server, who read what the old server's clients read, all the time. */
import { setTimeout as sleep } from "node:timers/promises";
import { logIn, READING_PLAYER } from "./players.ts";
import { createTally, type Measured } from "./measured.ts";

const READERS = 2;
const THINK_MS = 40;

export interface OurReaders {
  measure(): Measured;
  stop(): Promise<void>;
}

/** Logs a player in, by a proof with `secret`, who then reads wallet, market and inventory until `stop`. */
export async function startOurReaders(base: string, secret?: string): Promise<OurReaders> {
  const tally = createTally();
  const token = await logIn(base, READING_PLAYER, secret);
  const paths = [
    `/api/shared/wallet/${READING_PLAYER}`,
    "/api/shared/marketplace",
    "/api/allinone/inventory",
    "/api/allinone/wallet/balance",
  ];
  let isStopping = false;
  const readers = Array.from({ length: READERS }, async (_, reader) => {
    for (let turn = reader; !isStopping; turn++) {
      await tally.count("read", () => read(`${base}${paths[turn % paths.length]}`, token));
      await sleep(THINK_MS);
    }
  });
  return {
    measure: () => tally.take(),
    async stop() {
      isStopping = true;
      await Promise.all(readers);
    },
  };
}

async function read(url: string, token: string): Promise<void> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const body = (await response.json()) as { errorCode?: string };
  if (response.status !== 200)
    throw new Error(`${new URL(url).pathname}: ${response.status} ${body.errorCode ?? ""}`);
}
