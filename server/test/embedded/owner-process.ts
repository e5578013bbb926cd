/**
 * A process that owns an embedded database and acknowledges rows on its standard output, one line
 * each, after their commit: what the crash tests kill. Usage: owner-process <data folder> [rows].
 */
import { openEmbedded } from "../../src/db/embedded/open-embedded.ts";
import { openDatabase } from "../../src/db/driver/postgres.ts";
import { isNewDayError } from "../../src/errors/errors.ts";

const [folder = "", rows = "0"] = process.argv.slice(2);

function say(line: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

try {
  const embedded = await openEmbedded(folder, { report: (text) => say({ report: text }) });
  const db = openDatabase({
    connection: embedded.connection,
    applicationName: "crash-test",
    poolSize: 2,
    connectTimeoutMs: 60_000,
    statementTimeoutMs: 60_000,
  });
  process.on("SIGTERM", () => {
    void db
      .close()
      .then(() => embedded.stop())
      .then(() => process.exit(0));
  });
  await db.query("create table if not exists acknowledged (number bigint)");
  say({ ready: true, tookOver: embedded.tookOver, host: embedded.connection.host });
  for (let number = 1; number <= Number(rows); number += 1) {
    await db.query("insert into acknowledged values ($1)", [number]);
    say({ number });
  }
} catch (error) {
  say(
    isNewDayError(error) ? { code: error.code, message: error.message } : { crash: String(error) },
  );
  process.exit(1);
}
