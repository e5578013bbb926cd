/** Turns a plan into the bytes of a request, and keeps the values that a schema can judge. */
import type { Memory } from "./memory.ts";
import type { BodyTrick, CallerName, Plan } from "./requests.ts";

export interface Sent {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  /** The values as the server reads them; undefined where only the text is odd. */
  readonly judged:
    | { readonly values: Readonly<Record<string, string>>; readonly body: unknown }
    | undefined;
  /** False when an odd segment may lead to another route. */
  readonly reachesRoute: boolean;
  /** Why it must be refused, whatever its schema says. */
  readonly mustRefuse: string | undefined;
}

const TOO_LARGE_BYTES = 1_100_000;
const DEEP = 8_000;

/** `newKey` makes the next idempotency key of the lane. */
export function encode(
  plan: Plan,
  memory: Memory,
  credentials: Readonly<Record<CallerName, string | undefined>>,
  newKey: () => string,
): Sent {
  const { operation, bodyTrick, target } = plan;
  const method = plan.otherMethod ?? operation.method;
  const headers: Record<string, string> = { ...plan.headers };
  const credential = credentials[plan.caller];
  if (credential !== undefined && headers["authorization"] === undefined)
    headers["authorization"] = `Bearer ${credential}`;
  const { values, edited } = textValues(plan, memory);
  for (const { name, in: place } of operation.parameters)
    if (place === "header" && values[name] !== undefined && name !== "Idempotency-Key")
      headers[name] = headerText(values[name]);
  addKey(plan, values, headers, newKey);
  const body = memory.resolve(plan.body).value;
  const bytes = operation.body ? bodyBytes(body, bodyTrick) : undefined;
  if (bytes) headers["content-type"] ??= "application/json";
  const hasOddPath = operation.parameters.some(
    ({ name, in: place }) => place === "path" && !isPlainSegment(values[name] ?? ""),
  );
  const isOdd =
    bodyTrick !== undefined ||
    plan.otherMethod !== undefined ||
    Object.keys(plan.headers).length > 0 ||
    target !== "plain" ||
    hasOddPath;
  return {
    method,
    target: targetOf(plan, values),
    headers,
    body: bytes,
    judged: isOdd ? undefined : { values, body: bytes ? JSON.parse(bytes.toString()) : undefined },
    reachesRoute: !hasOddPath,
    mustRefuse: refusalReason(plan, { edited, isSameMethod: method === operation.method }),
  };
}

/** Every text of a path, query or header; other values are spelt as clients spell them. */
function textValues(plan: Plan, memory: Memory) {
  const values: Record<string, string> = {};
  let edited = false;
  for (const [name, planned] of Object.entries(plan.values)) {
    const resolved = memory.resolve(planned);
    edited ||= resolved.edited;
    const { value } = resolved;
    values[name] = (typeof value === "string" ? value : JSON.stringify(value)).toWellFormed();
  }
  return { values, edited };
}

/** A header carries printable letters of one byte and loses outer blanks. */
function headerText(value: string): string {
  // oxlint-disable-next-line no-control-regex -- those are removed
  return value.replaceAll(/[^\x20-\x7e\xa0-\xff]/g, "?").trim();
}

function addKey(
  plan: Plan,
  values: Record<string, string>,
  headers: Record<string, string>,
  newKey: () => string,
): void {
  const writes = plan.operation.method !== "GET";
  if (!writes || plan.key === "absent") return;
  const key =
    plan.key === "new" ? newKey() : plan.key === "used" ? "used-key" : headerText(plan.key);
  headers["idempotency-key"] = key;
  values["Idempotency-Key"] = key;
}

/** Such a segment reaches its own route whatever the router does with empty and dotted ones. */
function isPlainSegment(text: string): boolean {
  return text !== "" && !/^\.+$/.test(text) && text.length < 1_000 && !text.includes("%");
}

function targetOf({ operation, target }: Plan, values: Readonly<Record<string, string>>): string {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(values[name] ?? ""),
  );
  const query = operation.parameters
    .filter(({ name, in: place }) => place === "query" && values[name] !== undefined)
    .map(({ name }) => `${name}=${encodeURIComponent(values[name] ?? "")}`);
  if (target === "broken-percent") query.push("q=%ff%");
  if (target === "unknown-query") query.push("strange=1");
  if (target === "doubled-query") query.push("limit=1", "limit=2");
  return query.length === 0 ? path : `${path}?${query.join("&")}`;
}

function refusalReason(
  { target, bodyTrick, operation }: Plan,
  { edited, isSameMethod }: { edited: boolean; isSameMethod: boolean },
): string | undefined {
  if (!isSameMethod) return undefined;
  if (target === "broken-percent") return "a query that is no percent-encoded UTF-8";
  if (target === "unknown-query" && operation.surface === "v1") return "an unknown query parameter";
  if (edited) return "an edited cursor";
  const harmless: (BodyTrick | undefined)[] = ["empty", "spaces", "many-digits", undefined];
  // Unknown members of the older surfaces are ignored, however deep.
  if (operation.surface === "contract") harmless.push("deep");
  if (operation.body && !harmless.includes(bodyTrick)) return `a body that is ${bodyTrick}`;
  return undefined;
}

function bodyBytes(body: unknown, trick: BodyTrick | undefined): Buffer | undefined {
  if (body === undefined && trick === undefined) return undefined;
  const text = JSON.stringify(body ?? {});
  const members = text.startsWith("{") ? text.slice(1, -1) : "";
  const withFirst = (member: string) => `{${[member, members].filter(Boolean).join(",")}}`;
  switch (trick) {
    case undefined:
      return Buffer.from(text);
    case "doubled":
      return Buffer.from(withFirst('"x":1,"x":2'));
    case "huge-number":
      return Buffer.from(withFirst('"x":1e400'));
    case "many-digits":
      return Buffer.from(withFirst('"x":0.1000000000000000055511151231257827'));
    case "proto":
      return Buffer.from(withFirst('"__proto__":{"admin":true}'));
    case "deep":
      return Buffer.from(withFirst(`"x":${"[".repeat(DEEP)}${"]".repeat(DEEP)}`));
    case "truncated":
      return Buffer.from(text.slice(0, -1));
    case "broken-utf8":
      return Buffer.concat([Buffer.from('{"x":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
    case "array":
      return Buffer.from(`[${text}]`);
    case "scalar":
      return Buffer.from("1");
    case "empty":
      return Buffer.alloc(0);
    case "too-large":
      return Buffer.from(withFirst(`"x":"${"x".repeat(TOO_LARGE_BYTES)}"`));
    case "spaces":
      return Buffer.from(` \n\t${text} `);
  }
}
