/** The rest that limits and consents leave to the payers of an operation; a dry run shows it. */
import type { Static } from "typebox";
import type { ConsentUse, Movement, Operation } from "../../../engine/operation.ts";
import { walletOf } from "../../../ledger/accounts/accounts.ts";
import { readLimitsOfUser, type LimitState } from "../../../ledger/policies/read-limits.ts";
import { consentName } from "../../../policy/consents/charge-consent.ts";
import { consentKey } from "../../../policy/consents/consent-queries.ts";
import { consents, type ConsentRow } from "../../../policy/consents/consent-rows.ts";
import { bounds } from "../../../policy/limits/count-spending.ts";
import { KIND_OF_TYPE } from "../../../policy/rules/spending-kinds.ts";
import { isWithinReach } from "../app/authorization-scope.ts";
import type { Caller } from "../app/caller.ts";
import type { HeadroomSchema } from "../schemas/schemas-policies.ts";
import { toConsent } from "./policy-reply.ts";
import type { Services } from "../../context/services.ts";

type PricedOperation = Pick<Operation, "terms"> & { readonly type: { readonly name: string } };

type Headroom = Static<typeof HeadroomSchema>;

/** Of the caller's own payers, and of the consents that the operation uses. */
export async function readHeadroom(
  services: Pick<Services, "db" | "directory">,
  caller: Caller,
  operation: PricedOperation,
  movements: readonly Movement[],
): Promise<Headroom[]> {
  const now = new Date();
  const limits = await limitsOf(services, caller, operation, { movements, now });
  const used = operation.terms.consents ?? [];
  const permitted = await consentsOf(services, used);
  return [...limits, ...permitted.map((row) => ofConsent(row, now))];
}

async function limitsOf(
  { db, directory }: Pick<Services, "db" | "directory">,
  caller: Caller,
  { type }: PricedOperation,
  { movements, now }: { readonly movements: readonly Movement[]; readonly now: Date },
): Promise<Headroom[]> {
  const kind = KIND_OF_TYPE[type.name];
  if (!kind) return [];
  const payers = [...new Set(movements.map(({ from }) => from))];
  const wallets = await directory.walletsOf(payers);
  const shown: Headroom[] = [];
  for (const account of payers) {
    const wallet = wallets.get(walletOf(account));
    if (!wallet || wallet.role !== null || !isWithinReach(caller, wallet)) continue;
    const { platform, userId } = wallet;
    const states = await readLimitsOfUser(db, { accounts: [account], platform, now });
    for (const state of states)
      if (bounds(state.limit, { currencyNumber: state.limit.currencyNumber, kind }))
        shown.push(ofLimit(state, userId));
  }
  return shown;
}

async function consentsOf(
  { db }: Pick<Services, "db">,
  used: readonly ConsentUse[],
): Promise<ConsentRow[]> {
  if (used.length === 0) return [];
  const keys = used.map(({ account, platform }) => consentKey(account, platform));
  return [...(await consents.read(db, keys, false)).values()];
}

function ofLimit({ limit, name, used, left, freesAt }: LimitState, userId: string): Headroom {
  return {
    policy: name,
    version: Number(limit.version),
    userId,
    currency: limit.currency,
    window: limit.window,
    maximum: `${limit.maximum}`,
    used: `${used}`,
    left: `${left}`,
    freesAt: freesAt?.toISOString() ?? null,
  };
}

function ofConsent(row: ConsentRow, now: Date): Headroom {
  const { version, perDay, spentToday, left, nextDay, userId, currency } = toConsent(row, now);
  return {
    policy: consentName(userId, row),
    version,
    userId,
    currency,
    window: "day",
    maximum: perDay,
    used: spentToday,
    left,
    freesAt: nextDay,
  };
}
