/** A process of its own that adopts wallets one at a time and says how far it is, to be killed. */
import { openDatabase } from "../../src/db/driver/postgres.ts";
import { createPostingEngine } from "../../src/engine/engine.ts";
import { createRegistry } from "../../src/engine/registry.ts";
import { ledgerModule } from "../../src/ledger/ledger-module.ts";
import { adopt, ADOPTION_HOLD_MS } from "../../src/adoption/adopt.ts";
import { adoptWallets } from "../../src/adoption/adopt-wallets.ts";

const [url = ""] = process.argv.slice(2);
const db = openDatabase({
  connection: url,
  applicationName: "adopting",
  poolSize: 3,
  connectTimeoutMs: 10_000,
  statementTimeoutMs: 30_000,
});
const engine = createPostingEngine(db, createRegistry(ledgerModule), {
  applicationName: "adopting",
});
const progress = (_: string, done: number) => process.stdout.write(`${done}\n`);
await adopt({ db, engine, batchSize: 1, holdMs: ADOPTION_HOLD_MS, progress }, [adoptWallets]);
