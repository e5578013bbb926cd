/** SQL of operators and their one-time codes. */
import type { Queryable, Transaction } from "../db/database.ts";
import type { SealedSecret } from "../identity/platforms/secrets-key.ts";
import type { OperatorRole } from "./roles.ts";

export interface OperatorRow {
  readonly id: string;
  readonly login: string;
  readonly displayName: string;
  readonly role: OperatorRole;
  readonly status: "invited" | "active" | "suspended";
  readonly hasSecondFactor: boolean;
  readonly createdAt: Date;
}

export function isActiveOwner({ role, status }: Pick<OperatorRow, "role" | "status">): boolean {
  return role === "owner" && status === "active";
}

/** With what proves the operator; never shown. */
export interface OperatorProofRow extends OperatorRow {
  readonly passwordHash: string | null;
  readonly secondFactor: Buffer | null;
  readonly secondFactorMark: Buffer | null;
  readonly secondFactorKey: string | null;
  /** null until a code has confirmed the factor. */
  readonly secondFactorStep: bigint | null;
}

const COLUMNS = `id, login, display_name as "displayName", role, status,
  second_factor_step is not null as "hasSecondFactor", created_at as "createdAt"`;
const PROOF = `password_hash as "passwordHash", second_factor as "secondFactor",
  second_factor_mark as "secondFactorMark", second_factor_key as "secondFactorKey",
  second_factor_step as "secondFactorStep"`;

/** Oldest first. */
export function listOperators(db: Queryable): Promise<OperatorRow[]> {
  return db.query(`select ${COLUMNS} from newday.operators order by created_at, id`);
}

export async function findOperator(
  db: Queryable,
  { id = null, login = null }: { readonly id?: string | null; readonly login?: string | null },
): Promise<OperatorProofRow | undefined> {
  const [row] = await db.query<OperatorProofRow>(
    `select ${COLUMNS}, ${PROOF} from newday.operators where id = $1 or login = $2`,
    [id, login],
  );
  return row;
}

/** Serialises changes of operators; sign-ins read and go on. */
export async function lockOperators(tx: Transaction): Promise<void> {
  await tx.query("lock table newday.operators, newday.operator_codes in share row exclusive mode");
}

export async function insertOperator(
  tx: Transaction,
  operator: Pick<OperatorRow, "id" | "login" | "displayName" | "role">,
): Promise<void> {
  await tx.query(
    `insert into newday.operators (id, login, display_name, role) values ($1, $2, $3, $4)`,
    [operator.id, operator.login, operator.displayName, operator.role],
  );
}

export async function updateOperator(
  tx: Transaction,
  { id, displayName, role, status }: Pick<OperatorRow, "id" | "displayName" | "role" | "status">,
): Promise<void> {
  await tx.query(
    "update newday.operators set display_name = $2, role = $3, status = $4 where id = $1",
    [id, displayName, role, status],
  );
}

/** The operator is active with it, unless suspended. */
export async function updatePassword(tx: Transaction, id: string, hash: string): Promise<void> {
  await tx.query(
    `update newday.operators set password_hash = $2,
       status = case status when 'invited' then 'active' else status end where id = $1`,
    [id, hash],
  );
}

/** An unconfirmed factor; null takes the factor away. */
export async function updateSecondFactor(
  tx: Queryable,
  id: string,
  sealed: SealedSecret | null,
): Promise<void> {
  await tx.query(
    `update newday.operators set second_factor = $2, second_factor_mark = $3, second_factor_key = $4,
       second_factor_step = null where id = $1`,
    [id, sealed?.ciphertext ?? null, sealed?.mark ?? null, sealed?.keyFingerprint ?? null],
  );
}

/** Confirmed and unconfirmed ones. */
export function listSealedSecondFactors(
  tx: Transaction,
): Promise<(SealedSecret & { readonly id: string })[]> {
  return tx.query(
    `select id, second_factor_mark as mark, second_factor as ciphertext,
       second_factor_key as "keyFingerprint"
     from newday.operators where second_factor is not null`,
  );
}

/** The mark follows from the secret, so it names the row. */
export async function updateSealedSecondFactor(
  tx: Transaction,
  { mark, ciphertext, keyFingerprint }: SealedSecret,
): Promise<void> {
  await tx.query(
    `update newday.operators set second_factor = $2, second_factor_key = $3
     where second_factor_mark = $1`,
    [mark, ciphertext, keyFingerprint],
  );
}

/** Uses up a code's step; false when another request used it, or a later one, before. */
export async function useSecondFactorStep(
  db: Queryable,
  id: string,
  step: bigint,
): Promise<boolean> {
  const rows = await db.query(
    `update newday.operators set second_factor_step = $2
     where id = $1 and (second_factor_step is null or second_factor_step < $2) returning 1 as used`,
    [id, step],
  );
  return rows.length > 0;
}

export interface OperatorCodeRow {
  /** null: the code of the first owner. */
  readonly operatorId: string | null;
}

export async function insertOperatorCode(
  db: Queryable,
  { hash, operatorId, lifetimeMs }: { hash: Buffer; operatorId: string | null; lifetimeMs: number },
): Promise<void> {
  await db.query(
    `insert into newday.operator_codes (code_hash, operator_id, expires_at)
     values ($1, $2, now() + $3 * interval '1 millisecond')`,
    [hash, operatorId, lifetimeMs],
  );
}

export async function findOperatorCode(
  tx: Transaction,
  hash: Buffer,
): Promise<OperatorCodeRow | undefined> {
  const [row] = await tx.query<OperatorCodeRow>(
    `select operator_id as "operatorId" from newday.operator_codes
     where code_hash = $1 and expires_at > now()`,
    [hash],
  );
  return row;
}

/** Every code of an operator ends with the first that is used; null: those of the first owner. */
export async function deleteOperatorCodes(db: Queryable, operatorId: string | null): Promise<void> {
  await db.query(
    `delete from newday.operator_codes
     where operator_id is not distinct from $1 or expires_at < now()`,
    [operatorId],
  );
}
