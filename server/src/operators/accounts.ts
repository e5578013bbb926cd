/**
 * Changes of operators: the first owner, invitations, roles, passwords and second factors. Each is planned from the
 * present rows and recorded with its author.
 */
import { uuidv7 } from "uuidv7";
import type { Database, Transaction } from "../db/database.ts";
import { NewDayError } from "../errors/errors.ts";
import {
  makeOperatorChange,
  type ModelChange,
  type OperatorContext,
} from "../identity/operator-changes/operator-changes.ts";
import { cleanDisplayName } from "../identity/display-name.ts";
import { hashCredential } from "../identity/token.ts";
import type { Message } from "../lib/messages.ts";
import { createOperatorCode } from "./operator-codes.ts";
import {
  deleteOperatorCodes,
  findOperator,
  findOperatorCode,
  insertOperator,
  isActiveOwner,
  listOperators,
  lockOperators,
  updateOperator,
  updatePassword,
  updateSecondFactor,
  type OperatorProofRow,
  type OperatorRow,
} from "./operator-queries.ts";
import { hashPassword, requirePassword } from "./passwords.ts";
import type { OperatorRole } from "./roles.ts";
import { endSessionsOfOperator } from "./session-queries.ts";

const LOGIN = /^[a-z0-9][a-z0-9._@+-]{0,63}$/;

export interface NewOperator {
  readonly login: string;
  readonly displayName: string;
}

/** Adds an operator, and shows once the code with which the person sets a password. */
export function inviteOperator(
  db: Database,
  context: OperatorContext,
  { role, ...wanted }: NewOperator & { readonly role: OperatorRole },
): Promise<ModelChange> {
  return changeOperators(db, context, async (tx, operators) => {
    const operator = { ...newOperator(operators, wanted), role };
    const planned: Planned = {
      what: "operator invite",
      subject: operator.login,
      before: null,
      after: view({ ...operator, status: "invited", hasSecondFactor: false }),
    };
    return {
      planned,
      async apply() {
        await insertOperator(tx, operator);
        planned.secret = await createOperatorCode(tx, operator.id);
      },
    };
  });
}

/** A new code for a person who was invited or lost the password; codes of before end. Errors: `operator_not_found`. */
export function renewOperatorCode(
  db: Database,
  context: OperatorContext,
  login: string,
): Promise<ModelChange> {
  return changeOperators(db, context, async (tx, operators) => {
    const operator = requireOperator(operators, login);
    const planned: Planned = {
      what: "operator code",
      subject: login,
      before: null,
      after: { code: "renewed" },
    };
    return {
      planned,
      async apply() {
        await deleteOperatorCodes(tx, operator.id);
        planned.secret = await createOperatorCode(tx, operator.id);
      },
    };
  });
}

/**
 * Sets the password that a one-time code stands for; the code of the first owner makes that owner. Sessions of
 * before end. Errors: `operator_code_invalid`, `invalid_field`.
 */
export async function acceptOperatorCode(
  db: Database,
  { code, password, ...wanted }: Partial<NewOperator> & { code: string; password: string },
): Promise<{ login: string }> {
  const hash = hashCredential(code);
  const context = { operator: "operator-code", dryRun: false };
  const { subject } = await changeOperators(db, context, async (tx, operators) => {
    const row = await findOperatorCode(tx, hash);
    if (!row) throw new NewDayError("operator_code_invalid", { field: "code" });
    const isFirst = row.operatorId === null;
    const operator = isFirst
      ? { ...newOperator(operators, firstOwner(operators, wanted)), role: "owner" as const }
      : operators.find(({ id }) => id === row.operatorId);
    if (!operator) throw new NewDayError("operator_code_invalid", { field: "code" });
    requirePassword(password, operator.login);
    const passwordHash = await hashPassword(password);
    return {
      planned: {
        what: isFirst ? "operator first-owner" : "operator password",
        subject: operator.login,
        before: null,
        after: { role: operator.role, password: "set" },
      },
      async apply() {
        if (isFirst) await insertOperator(tx, operator);
        await updatePassword(tx, operator.id, passwordHash);
        await deleteOperatorCodes(tx, row.operatorId);
        await endSessionsOfOperator(tx, operator.id);
      },
    };
  });
  return { login: subject };
}

/** Changes name, role or status; a suspended operator's sessions end. Errors: `operator_not_found`, `last_owner`. */
export function setOperator(
  db: Database,
  context: OperatorContext,
  {
    login,
    ...values
  }: { login: string } & Partial<
    Pick<OperatorRow, "displayName" | "role"> & { status: "active" | "suspended" }
  >,
): Promise<ModelChange> {
  return changeOperators(db, context, async (tx, operators) => {
    const before = requireOperator(operators, login);
    const displayName =
      values.displayName === undefined ? before.displayName : requireName(values.displayName);
    const after = { ...before, ...values, displayName };
    if (values.status === "active" && before.status === "invited")
      throw invalid("status", {
        en: "an invited operator becomes active with a password",
        zh: "受邀人员设置密码后才会生效",
      });
    const isLastOwner = isActiveOwner(before) && operators.filter(isActiveOwner).length === 1;
    if (isLastOwner && !isActiveOwner(after))
      throw new NewDayError("last_owner", { field: "login" });
    return {
      planned: {
        what: "operator set",
        subject: login,
        before: view(before),
        after: view(after),
      },
      async apply() {
        await updateOperator(tx, after);
        if (after.status === "suspended" || after.role !== before.role)
          await endSessionsOfOperator(tx, before.id);
      },
    };
  });
}

/** Takes the second factor of a person who lost it; sessions end. Errors: `operator_not_found`. */
export function resetSecondFactor(
  db: Database,
  context: OperatorContext,
  login: string,
): Promise<ModelChange> {
  return changeOperators(db, context, async (tx, operators) => {
    const before = requireOperator(operators, login);
    return {
      planned: {
        what: "operator reset-second-factor",
        subject: login,
        before: view(before),
        after: view({ ...before, hasSecondFactor: false }),
      },
      async apply() {
        await updateSecondFactor(tx, before.id, null);
        await endSessionsOfOperator(tx, before.id);
      },
    };
  });
}

/** Errors: `operator_not_found`. */
export async function requireOperatorById(db: Database, id: string): Promise<OperatorProofRow> {
  const operator = await findOperator(db, { id });
  if (!operator) throw new NewDayError("operator_not_found", { field: "id" });
  return operator;
}

type Planned = Omit<ModelChange, "accounts" | "secret"> & { secret?: string };

/** Serialises changes of operators. */
function changeOperators(
  db: Database,
  context: OperatorContext,
  plan: (
    tx: Transaction,
    operators: readonly OperatorRow[],
  ) => Promise<{ planned: Planned; apply: () => Promise<void> }>,
): Promise<ModelChange> {
  return makeOperatorChange(db, context, lockOperators, async (tx) => {
    const { planned, apply } = await plan(tx, await listOperators(tx));
    return { planned: Object.assign(planned, { accounts: 0n }), apply };
  });
}

function newOperator(
  operators: readonly OperatorRow[],
  { login, displayName }: NewOperator,
): Pick<OperatorRow, "id" | "login" | "displayName"> {
  if (!LOGIN.test(login))
    throw invalid("login", {
      en: "has 1 to 64 of a-z, 0-9 and . _ @ + -, beginning with a letter or digit",
      zh: "应为 1 到 64 个 a-z、0-9 或 . _ @ + -，且以字母或数字开头",
    });
  if (operators.some((row) => row.login === login))
    throw invalid("login", { en: "is an operator's already", zh: "已被使用" });
  return { id: `op_${uuidv7()}`, login, displayName: requireName(displayName) };
}

/** Errors: `operator_code_invalid` once another owner was first. */
function firstOwner(
  operators: readonly OperatorRow[],
  { login, displayName = login }: Partial<NewOperator>,
): NewOperator {
  if (operators.some(isActiveOwner))
    throw new NewDayError("operator_code_invalid", { field: "code" });
  if (login === undefined || displayName === undefined)
    throw invalid("login", { en: "is required for the first owner", zh: "首位所有者必须填写" });
  return { login, displayName };
}

function requireOperator(operators: readonly OperatorRow[], login: string): OperatorRow {
  const operator = operators.find((row) => row.login === login);
  if (!operator) throw new NewDayError("operator_not_found", { field: "login" });
  return operator;
}

function requireName(sent: string): string {
  const name = cleanDisplayName(sent);
  if (name !== undefined && name === sent) return name;
  throw invalid("displayName", {
    en: "has 1 to 64 characters that can be seen, without < and >",
    zh: "应为 1 到 64 个可见字符，不含 < 和 >",
  });
}

function invalid(field: string, rule: Message): NewDayError {
  return new NewDayError("invalid_field", { field, rule });
}

function view({
  displayName,
  role,
  status,
  hasSecondFactor,
}: Pick<OperatorRow, "displayName" | "role" | "status" | "hasSecondFactor">) {
  return { displayName, role, status, secondFactor: hasSecondFactor };
}
