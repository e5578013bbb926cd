/** The primary's view of its standbys, and a standby's own report. */
import type { Queryable } from "../../db/database.ts";
import { readWalPosition } from "../catalogue/server-queries.ts";
import { queryIfAllowed } from "../connection/optional-query.ts";
import type { Message } from "../../lib/messages.ts";

export interface StandbyRow {
  readonly name: string;
  /** Null before the first replay. */
  readonly lagBytes: number | null;
}

/** Logical subscribers and base backups replay no locks. */
const PHYSICAL = `
  from pg_catalog.pg_stat_replication r
 where r.state in ('streaming', 'catchup')
   and not exists (select from pg_catalog.pg_replication_slots s
                    where s.active_pid = r.pid and s.slot_type = 'logical')`;

const STANDBYS: Message = { en: "standbys of this server", zh: "该服务器的备库" };
const SYNCHRONOUS: Message = { en: "synchronous standbys", zh: "同步备库" };

const NAME = `concat_ws(' ', nullif(r.application_name, ''), host(r.client_addr), r.pid::text)`;

/** The standbys that stream from this server; those hidden from our role are missing. */
export async function findStandbys(db: Queryable): Promise<StandbyRow[]> {
  const lsn = await readWalPosition(db);
  return queryIfAllowed(db, STANDBYS, [], () =>
    db.query<StandbyRow>(
      `select ${NAME} as name,
              pg_wal_lsn_diff($1::pg_lsn, r.replay_lsn)::float8 as "lagBytes"
         ${PHYSICAL} order by 1`,
      [lsn ?? null],
    ),
  );
}

/** Those that have still to replay `lsn`. */
export async function findStandbysBefore(db: Queryable, lsn: string): Promise<string[]> {
  const rows = await queryIfAllowed(db, STANDBYS, [], () =>
    db.query<{ name: string }>(
      `select ${NAME} as name ${PHYSICAL}
        and coalesce(r.replay_lsn < $1::pg_lsn, true) order by 1`,
      [lsn],
    ),
  );
  return rows.map(({ name }) => name);
}

/**
 * The setting, when it demands a standby and a counting one is absent: then every COMMIT of a
 * client waits. Where standbys are hidden from our role, the answer is unknown.
 */
export async function findMissingSynchronous(db: Queryable): Promise<string | undefined> {
  const [row] = await queryIfAllowed(db, SYNCHRONOUS, [], () =>
    db.query<{ names: string }>(
      `select current_setting('synchronous_standby_names') as names
      where not pg_is_in_recovery() and current_setting('synchronous_standby_names') <> ''
        and not exists (select from pg_catalog.pg_stat_replication
                         where coalesce(sync_state, 'sync') in ('sync', 'quorum'))`,
    ),
  );
  return row?.names;
}

export interface ReplicaRow {
  readonly inRecovery: boolean;
  readonly systemIdentifier: string | null;
  readonly replayed: string | null;
  readonly lagBytes: number | null;
  readonly isPaused: boolean;
  /** Time that a reader may delay the replay before it is cancelled; -1 for ever. */
  readonly maxDelayMs: number;
}

/** On the standby; `lsn` is the position of its primary; without it the lag is unknown. */
export async function readReplica(db: Queryable, lsn: string | undefined): Promise<ReplicaRow> {
  const [row] = await db.query<ReplicaRow>(
    `select pg_is_in_recovery() as "inRecovery",
            case when has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')
                 then (select system_identifier::text from pg_control_system()) end
              as "systemIdentifier",
            pg_last_wal_replay_lsn()::text as replayed,
            pg_wal_lsn_diff($1::pg_lsn, pg_last_wal_replay_lsn())::float8 as "lagBytes",
            pg_is_in_recovery() and pg_is_wal_replay_paused() as "isPaused",
            (select setting::float8 from pg_catalog.pg_settings
              where name = 'max_standby_streaming_delay') as "maxDelayMs"`,
    [lsn ?? null],
  );
  if (!row) throw new Error("the standby did not describe itself");
  return row;
}
