/**
 * A process of its own that posts transfers until it is killed, and writes the key of each one to
 * stdout once it is acknowledged. Arguments: database URL, name, then the account ids.
 */
import { openDatabase } from "../../src/db/driver/postgres.ts";
import { createPostingEngine } from "../../src/engine/engine.ts";
import { operationOf } from "../../src/engine/operation-type.ts";
import { createRegistry } from "../../src/engine/registry.ts";
import { fingerprintOf } from "../../src/engine/identifiers.ts";
import { transferOperation } from "../../src/ledger/transfers/transfer-operation.ts";
import { ledgerModule } from "../../src/ledger/ledger-module.ts";

const IN_FLIGHT = 64;
const [url = "", name = "", ...ids] = process.argv.slice(2);
const accounts = ids.map(BigInt);
const db = openDatabase({
  connection: url,
  applicationName: name,
  poolSize: 2,
  connectTimeoutMs: 10_000,
  statementTimeoutMs: 30_000,
});
const engine = createPostingEngine(db, createRegistry(ledgerModule), { applicationName: name });
let serial = 0;

async function postForEver(): Promise<never> {
  for (;;) {
    serial += 1;
    const key = `${name}-${serial}`;
    const from = accounts[serial % accounts.length] ?? 0n;
    const to = accounts[(serial * 7 + 1) % accounts.length] ?? 0n;
    const payload = { from, to, amount: BigInt(1 + (serial % 9)) };
    const idempotency = { key, fingerprint: fingerprintOf(payload) };
    const operation = operationOf(transferOperation, payload, { caller: "crash", idempotency });
    const outcome = await engine.submit(operation);
    process.stdout.write(`${outcome.transferId} ${outcome.status}\n`);
  }
}

await Promise.all(Array.from({ length: IN_FLIGHT }, postForEver));
