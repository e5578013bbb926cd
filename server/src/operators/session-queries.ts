/** SQL of the sessions of operators and of refused sign-ins. */
import type { Queryable } from "../db/database.ts";
import type { OperatorRole } from "./roles.ts";

export interface OperatorSessionRow {
  readonly operatorId: string;
  readonly login: string;
  readonly displayName: string;
  readonly role: OperatorRole;
  /** True when a second factor was shown at the sign-in. */
  readonly secondFactor: boolean;
  readonly hasSecondFactor: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date;
}

/** A live session of an active operator; undefined for every other, and for one unused for `idleMs`. */
export async function findOperatorSession(
  db: Queryable,
  hash: Buffer,
  idleMs: number,
): Promise<OperatorSessionRow | undefined> {
  const [row] = await db.query<OperatorSessionRow>(
    {
      name: "find-operator-session",
      text: `select s.operator_id as "operatorId", o.login, o.display_name as "displayName", o.role,
           s.second_factor as "secondFactor", o.second_factor_step is not null as "hasSecondFactor",
           s.created_at as "createdAt", s.expires_at as "expiresAt", s.last_used_at as "lastUsedAt"
         from newday.operator_sessions s join newday.operators o on o.id = s.operator_id
         where s.token_hash = $1 and s.ended_at is null and s.expires_at > now()
           and s.last_used_at > now() - $2 * interval '1 millisecond' and o.status = 'active'`,
    },
    [hash, idleMs],
  );
  return row;
}

export async function insertOperatorSession(
  db: Queryable,
  session: { hash: Buffer; operatorId: string; secondFactor: boolean; lifetimeMs: number },
): Promise<void> {
  await db.query(
    `insert into newday.operator_sessions (token_hash, operator_id, second_factor, expires_at)
     values ($1, $2, $3, now() + $4 * interval '1 millisecond')`,
    [session.hash, session.operatorId, session.secondFactor, session.lifetimeMs],
  );
}

/** Writes at most once a minute: a console polls. */
export async function touchOperatorSession(db: Queryable, hash: Buffer): Promise<void> {
  await db.query(
    `update newday.operator_sessions set last_used_at = now()
     where token_hash = $1 and last_used_at < now() - interval '1 minute'`,
    [hash],
  );
}

/** Ends one session; false when it was not live. */
export async function endOperatorSession(db: Queryable, hash: Buffer): Promise<boolean> {
  const rows = await db.query(
    `update newday.operator_sessions set ended_at = now()
     where token_hash = $1 and ended_at is null returning 1 as ended`,
    [hash],
  );
  return rows.length > 0;
}

/** Ends the sessions of an operator but `kept`; returns how many. */
export async function endSessionsOfOperator(
  db: Queryable,
  operatorId: string,
  kept: Buffer | null = null,
): Promise<number> {
  const rows = await db.query(
    `update newday.operator_sessions set ended_at = now()
     where operator_id = $1 and ended_at is null and expires_at > now()
       and token_hash is distinct from $2 returning 1 as ended`,
    [operatorId, kept],
  );
  return rows.length;
}

export interface SignInCounts {
  /** Of this login from this network. */
  readonly here: number;
  /** Of this login from everywhere. */
  readonly everywhere: number;
}

/**
 * Notes a sign-in as refused until it succeeds, then counts: of many at once, each sees those that were noted
 * before it. Deletes those that count no more.
 */
export async function noteSignIn(
  db: Queryable,
  { login, network, withinMs }: { login: string; network: string; withinMs: number },
): Promise<SignInCounts> {
  await db.query(
    `with old as (delete from newday.refused_sign_ins
        where refused_at < now() - $3 * interval '1 millisecond')
     insert into newday.refused_sign_ins (login, network) values ($1, $2)`,
    [login, network, withinMs],
  );
  const [row] = await db.query<SignInCounts>(
    `select count(*) filter (where network = $2)::int as here, count(*)::int as everywhere
     from newday.refused_sign_ins
     where login = $1 and refused_at > now() - $3 * interval '1 millisecond'`,
    [login, network, withinMs],
  );
  return row ?? { here: 0, everywhere: 0 };
}

/** A success clears the notes of this login from this network; guesses from elsewhere go on counting. */
export async function clearSignIns(
  db: Queryable,
  { login, network }: { login: string; network: string },
): Promise<void> {
  await db.query("delete from newday.refused_sign_ins where login = $1 and network = $2", [
    login,
    network,
  ]);
}
