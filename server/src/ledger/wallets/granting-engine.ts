/**
 * An engine that posts starter grants when a payment needs them.
 *
 * A wallet is opened with a claim. The payment that would use it is refused with `starter_grant_due`, which leaves
 * its key free; then the grant is posted, and the payment again. A payment without a claim costs nothing more. When
 * the grant is refused, as by a spent budget, the payment is decided without it.
 */
import type { Queryable } from "../../db/database.ts";
import { operationOf } from "../../engine/operation-type.ts";
import type {
  Operation,
  OperationResult,
  OperationTerms,
  Outcome,
  OutcomesOf,
  PostingEngine,
  SubmitMode,
} from "../../engine/operation.ts";
import { detailText, typedOutcomes } from "../../engine/outcome.ts";
import { HOME_PLATFORM } from "../../identity/platforms/platform-ids.ts";
import { accountId, currencyOf, walletOf } from "../accounts/accounts.ts";
import { dayOf } from "../limits/limit-counters.ts";
import type { Directory } from "./directory.ts";
import { findStarterBudget } from "./wallet-queries.ts";
import { starterGrantOperation } from "./starter-grant-operation.ts";

interface GrantSources {
  readonly db: Queryable;
  readonly directory: Directory;
}

/** Posts or previews the group behind its grants, all or nothing; undefined: a grant was refused. */
type PostBehind = (
  grants: readonly Operation[],
  group: readonly Operation[],
) => Promise<readonly Outcome[] | undefined>;

export function createGrantingEngine(engine: PostingEngine, sources: GrantSources): PostingEngine {
  // Not in one group: a refused grant would freeze the refusal under the payment's key.
  const posting: PostBehind = async (grants, group) => {
    const granted = grants.length > 0 ? await engine.submitMany(grants, "atomic") : [];
    return granted.every(isPosted) ? engine.submitMany(group, "atomic") : undefined;
  };
  const previewing: PostBehind = async (grants, group) => {
    const outcomes = await engine.preview([...grants, ...group], "atomic");
    const behind = outcomes.slice(grants.length);
    return outcomes.slice(0, grants.length).every(isGranted(behind)) ? behind : undefined;
  };
  return {
    submit<Result extends OperationResult>(operation: Operation<Result>): Promise<Outcome<Result>> {
      return engine.submit(operation).then(async (outcome) => {
        if (!isDue(outcome)) return outcome;
        const [granted] = await postWithGrants(posting, sources, [operation], [outcome]);
        return typedOutcomes([granted ?? outcome], [operation])[0];
      });
    },
    async submitMany(operations, mode) {
      const outcomes = await engine.submitMany(operations, mode);
      return postWhereDue(posting, sources, { operations, outcomes, mode });
    },
    async preview(operations, mode) {
      const outcomes = await engine.preview(operations, mode);
      return postWhereDue(previewing, sources, { operations, outcomes, mode });
    },
    queueDepth: () => engine.queueDepth(),
    counters: () => engine.counters(),
    drain: () => engine.drain(),
  };
}

/** The operation for the grant of this account. The payment's condition on the account is the grant's. */
export async function prepareStarterGrant(
  { db, directory }: GrantSources,
  account: bigint,
  expects?: OperationTerms["expects"],
): Promise<Operation<null>> {
  const owner = (await directory.walletsOf([account])).get(walletOf(account));
  const platform = owner?.platform ?? HOME_PLATFORM;
  const mint = await directory.systemWallet(HOME_PLATFORM, "mint");
  const payload = {
    account,
    mint: accountId(mint, currencyOf(account)),
    platform,
    budgetPerDay: await findStarterBudget(db, { platform, userId: owner?.userId ?? "" }),
    day: dayOf(new Date()),
  };
  return operationOf(starterGrantOperation, payload, { caller: platform, expects });
}

interface Answered<Operations extends readonly Operation[]> {
  readonly operations: Operations;
  readonly outcomes: OutcomesOf<Operations>;
  readonly mode: SubmitMode;
}

async function postWhereDue<const Operations extends readonly Operation[]>(
  post: PostBehind,
  sources: GrantSources,
  { operations, outcomes, mode }: Answered<Operations>,
): Promise<OutcomesOf<Operations>> {
  const answers: readonly Outcome[] = outcomes;
  if (!answers.some(isDue)) return outcomes;
  if (mode === "atomic")
    return typedOutcomes(await postWithGrants(post, sources, operations, answers), operations);
  const again = operations.map(async (operation, index) => {
    const [outcome] = answers.slice(index, index + 1);
    if (!outcome || !isDue(outcome)) return outcome;
    return (await postWithGrants(post, sources, [operation], [outcome]))[0];
  });
  const settled = await Promise.all(again);
  return typedOutcomes(
    settled.flatMap((outcome) => outcome ?? []),
    operations,
  );
}

/** Posts the group behind the grants that it needs; each attempt may find one more. */
async function postWithGrants(
  post: PostBehind,
  sources: GrantSources,
  operations: readonly Operation[],
  refused: readonly Outcome[],
): Promise<readonly Outcome[]> {
  const granted = new Set<bigint>();
  let outcomes = refused;
  for (let due = dueAccounts(outcomes); due.length > 0; due = dueAccounts(outcomes)) {
    if (due.every((account) => granted.has(account))) return outcomes;
    for (const account of due) granted.add(account);
    const grants = await Promise.all(
      [...granted].map((account) =>
        prepareStarterGrant(sources, account, expectsOf(operations, account)),
      ),
    );
    const rest = operations.map((operation) => withoutExpects(operation, granted));
    const answers = await post(grants, rest);
    if (!answers) return (await post([], operations.map(withoutClaim))) ?? outcomes;
    outcomes = answers;
  }
  return outcomes;
}

function expectsOf(operations: readonly Operation[], account: bigint) {
  const all = operations.flatMap(({ terms }) => terms.expects ?? []);
  return all.filter((one) => one.account === account);
}

function withoutExpects(operation: Operation, granted: ReadonlySet<bigint>): Operation {
  const { expects } = operation.terms;
  if (!expects?.some(({ account }) => granted.has(account))) return operation;
  const left = expects.filter(({ account }) => !granted.has(account));
  return operation.withTerms({ ...operation.terms, expects: left });
}

function isDue(outcome: Outcome): boolean {
  return outcome.status === "refused" && outcome.code === "starter_grant_due";
}

function withoutClaim(operation: Operation): Operation {
  return operation.withTerms({ ...operation.terms, withoutClaim: true });
}

function isPosted({ status }: Outcome): boolean {
  return status === "posted";
}

/** In a preview of one group, a refusal of the payment undoes the grant before it. */
function isGranted(behind: readonly Outcome[]): (grant: Outcome) => boolean {
  const isUndone = behind.some(
    (one) => one.status === "refused" && one.code !== "atomic_group_refused",
  );
  return (grant) =>
    grant.status === "posted" || (isUndone && grant.code === "atomic_group_refused");
}

function dueAccounts(outcomes: readonly Outcome[]): bigint[] {
  return outcomes.flatMap((outcome) =>
    outcome.status === "refused" && outcome.code === "starter_grant_due"
      ? [BigInt(detailText(outcome.details, "account"))]
      : [],
  );
}
