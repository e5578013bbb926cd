import type { Queryable } from "../../db/database.ts";

/** How the server writes its log; any role may read these. */
export interface LogSettings {
  readonly database: string;
  readonly destination: string;
  readonly linePrefix: string;
  readonly messages: string;
  readonly minimum: string;
  readonly verbosity: string;
}

export async function readLogSettings(db: Queryable): Promise<LogSettings> {
  const [row] = await db.query<LogSettings>(
    `select current_database()::text as database,
            current_setting('log_destination') as destination,
            current_setting('log_line_prefix') as "linePrefix",
            current_setting('lc_messages') as messages,
            current_setting('log_min_messages') as minimum,
            current_setting('log_error_verbosity') as verbosity`,
  );
  if (!row) throw new Error("unreachable: a select list without a table has one row");
  return row;
}
