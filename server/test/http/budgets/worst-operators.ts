/** The operators of the worst world. */
import type { Database } from "../../../src/db/database.ts";
import { createOperatorKey } from "../../../src/operators/operator-keys.ts";

/** Two owners, by keys of their own: what one asks for, the other approves. */
export async function useWorstOperators(db: Database) {
  const keyOf = async (login: string) => {
    await db.query(
      `insert into newday.operators (id, login, display_name, role, status, password_hash)
        values ($1, $1, $1, 'owner', 'active', 'none')`,
      [login],
    );
    const context = { operator: `operator:${login}`, dryRun: false };
    const wanted = { label: "字".repeat(64), role: "owner", expiresAt: null } as const;
    return (await createOperatorKey(db, context, wanted)).secret ?? "";
  };
  return { owner: await keyOf("ada"), approver: await keyOf("bo") };
}
