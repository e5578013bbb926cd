/** Probes a database as clients use it: a new session, and a write that is on disk. */
import { NewDayError } from "../errors/errors.ts";
import type { Database } from "./database.ts";

/** A session still closed by then counts as refused; clients wait as long. */
const PROBE_TIMEOUT_MS = 5_000;
/** Load balancers of one server ask several times a second; each probe costs a session. */
const FRESH_MS = 1_000;
const APPLICATION_NAME = "newday-probe";

/** Writes WAL and waits for the disk like every posting, and leaves no row behind. */
const WRITE = `select pg_logical_emit_message(true, 'newday', 'probe')
  where current_setting('transaction_read_only') = 'off'`;

/**
 * Rejects with `database_unavailable` when a new session is refused or the statement returns no
 * row, otherwise with the statement's error.
 */
export async function probeSession(
  db: Pick<Database, "connect">,
  statement: string,
): Promise<void> {
  const opening = db.connect(APPLICATION_NAME);
  const timeout = timer();
  try {
    const connection = await Promise.race([opening, timeout.rejects]);
    const rows = await Promise.race([connection.query(statement), timeout.rejects]);
    if (rows.length === 0)
      throw new NewDayError("database_unavailable", { rule: { en: "read-only", zh: "只读" } });
  } finally {
    timeout.clear();
    // Also a session that opens after the time is closed.
    void opening.then((connection) => connection.close()).catch(() => undefined);
  }
}

/**
 * Returns a probe of a new session and a write. Callers at one time share one probe, and its success
 * holds for a second; after a failure the next call asks anew. Rejects like `probeSession`, and with
 * `database_unavailable` for a read-only database.
 */
export function createWriteProbe(db: Database): () => Promise<void> {
  let inFlight: Promise<void> | undefined;
  let succeededAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - succeededAt < FRESH_MS) return Promise.resolve();
    inFlight ??= probeSession(db, WRITE)
      .then(() => {
        succeededAt = performance.now();
      })
      .finally(() => {
        inFlight = undefined;
      });
    return inFlight;
  };
}

function timer(): { readonly rejects: Promise<never>; clear(): void } {
  let handle: NodeJS.Timeout | undefined;
  const rejects = new Promise<never>((_, reject) => {
    const late = () =>
      reject(
        new NewDayError("database_unavailable", {
          rule: { en: "no new session", zh: "无法建立新会话" },
        }),
      );
    handle = setTimeout(late, PROBE_TIMEOUT_MS);
  });
  rejects.catch(() => undefined); // also when every caller is gone
  return { rejects, clear: () => clearTimeout(handle) };
}
