/** The assertions of a check. A failed one becomes the red line of the report. */
import { stringAt, valueAt } from "./json.ts";
import type { Text } from "./model.ts";
import type { Answer } from "./session.ts";

/** The check is red; `text` names the expected and the actual value. */
export class CheckFailed extends Error {
  override readonly name = "CheckFailed";
  readonly text: Text;

  constructor(text: Text) {
    super(text.en);
    this.text = text;
  }
}

/** The check is skipped, because an earlier one failed. */
export class CheckSkipped extends Error {
  override readonly name = "CheckSkipped";
  readonly text: Text;

  constructor(text: Text) {
    super(text.en);
    this.text = text;
  }
}

export function expectThat(condition: boolean, zh: string, en: string): asserts condition {
  if (!condition) throw new CheckFailed({ zh, en });
}

/** The status must be one of those given; the answer must be JSON whatever its status. */
export function expectStatus(answer: Answer, ...statuses: readonly number[]): void {
  const wanted = statuses.join(" / ");
  const what = `${answer.method} ${answer.path}`;
  const message = stringAt(answer.body, "message");
  const said = message === undefined ? "" : ` (${message})`;
  expectThat(
    statuses.includes(answer.status),
    `${what} 应返回 ${wanted}，实际返回 ${answer.status}${said}`,
    `${what} should answer ${wanted}, it answered ${answer.status}${said}`,
  );
  if (answer.method === "HEAD" || answer.status === 204) return;
  expectThat(
    answer.body !== undefined,
    `${what} 的响应不是 JSON`,
    `${what} did not answer with JSON`,
  );
}

/** The value at `path` must be exactly `wanted`. */
export function expectValue(answer: Answer, path: string, wanted: unknown): void {
  const seen = valueAt(answer.body, path);
  expectSame(`${answer.method} ${answer.path} → ${path}`, seen, wanted);
}

export function expectSame(what: string, seen: unknown, wanted: unknown): void {
  expectThat(
    isSame(seen, wanted),
    `${what} 应为 ${show(wanted)}，实际为 ${show(seen)}`,
    `${what} should be ${show(wanted)}, it is ${show(seen)}`,
  );
}

/** A refusal of the contract: the status, `success: false`, the code, and `error` as a string. */
export function expectRefusal(answer: Answer, status: number, ...codes: readonly string[]): void {
  expectStatus(answer, status);
  expectValue(answer, "success", false);
  const code = stringAt(answer.body, "errorCode");
  expectThat(
    code !== undefined && (codes.length === 0 || codes.includes(code)),
    `errorCode 应为 ${codes.join(" / ")}，实际为 ${show(code)}`,
    `errorCode should be ${codes.join(" / ")}, it is ${show(code)}`,
  );
  expectThat(
    typeof valueAt(answer.body, "error") === "string",
    "错误响应中的 error 必须是字符串（T8/T6 会直接显示它）",
    "`error` must be a string in a refusal (T8 and T6 print it)",
  );
}

/** Compares JSON values; the order of an object's keys is ignored. */
function isSame(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right);
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      inner !== null && typeof inner === "object" && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? "undefined"
  );
}

export function show(value: unknown): string {
  return JSON.stringify(value) ?? "undefined";
}
