/** The typed client of /api/admin: operations, inputs and replies come from docs/openapi-admin.json. */
import { hasCode } from "./api-error.ts";
import { ADMIN_OPERATIONS, type AdminOperations } from "./generated/admin-operations.ts";
import type { OperatorSession } from "@newday/sdk/admin";
import { send } from "./send.ts";

export type OperationId = keyof AdminOperations;
export type InputOf<Id extends OperationId> = AdminOperations[Id]["input"];
export type ReplyOf<Id extends OperationId> = AdminOperations[Id]["reply"];

interface AnyInput {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: object;
  readonly dryRun?: boolean;
  readonly idempotencyKey?: string;
}

/** Sent with what changes something; a stolen cookie alone is worth nothing. */
let session: Pick<OperatorSession, "operatorId" | "csrfToken"> | undefined;

/** Calls one operation. Errors: `ApiError`. */
export async function callAdmin<Id extends OperationId>(
  id: Id,
  input: InputOf<Id>,
): Promise<ReplyOf<Id>> {
  try {
    return await callOnce(id, input);
  } catch (error) {
    if (!hasCode(error, "csrf_refused") || !(await isSameOperatorSignedInAnew())) throw error;
    return callOnce(id, input);
  }
}

async function callOnce<Id extends OperationId>(id: Id, input: AnyInput): Promise<ReplyOf<Id>> {
  const { method, path } = ADMIN_OPERATIONS[id];
  const headers = {
    accept: "application/json",
    ...(input.body ? { "content-type": "application/json" } : {}),
    ...(input.idempotencyKey ? { "idempotency-key": input.idempotencyKey } : {}),
    ...(method !== "GET" && session ? { "x-csrf-token": session.csrfToken } : {}),
  };
  const reply = await send(addressOf(path, input), {
    method,
    headers,
    ...(input.body ? { body: JSON.stringify(input.body) } : {}),
  });
  if (id === "getOperatorSession" || id === "postOperatorSession")
    session = reply as OperatorSession;
  return reply as ReplyOf<Id>;
}

/** Another tab of this browser signed in again: its session is ours, and its token too. */
async function isSameOperatorSignedInAnew(): Promise<boolean> {
  const before = session?.operatorId;
  const { operatorId } = await callOnce("getOperatorSession", {});
  return operatorId === before;
}

function addressOf(path: string, { params = {}, query = {}, dryRun }: AnyInput): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ""),
  );
  const search = new URLSearchParams();
  const fields: AnyInput["query"] = { ...query, dryRun };
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined && value !== "") search.set(name, String(value));
  return search.size === 0 ? filled : `${filled}?${search}`;
}

const KEY_BYTES = 16;

/** A key for one intention of a person: repeated by a second press, never by another act. */
export function createIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
