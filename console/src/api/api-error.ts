/** Why a call failed: a problem of the server (RFC 9457), or no answer. */
import type { ErrorCode } from "@newday/sdk";
import type { Message } from "../language/messages.ts";
import type { Problem } from "@newday/sdk/admin";

export class ApiError extends Error {
  /** 0 without an answer. */
  readonly status: number;
  readonly code: ErrorCode;
  /** What happened, which rule was broken, and what to change. */
  readonly title: Message;
  readonly detail: Message | undefined;
  readonly remedy: Message;
  readonly requestId: string | undefined;
  /** More members of the problem, such as the limit that was passed. */
  readonly problem: Partial<Problem>;

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.title ?? NO_ANSWER_TITLE.en);
    this.status = status;
    this.code = problem.code ?? "no_answer";
    this.title = toMessage(problem.title, problem.titleZh) ?? NO_ANSWER_TITLE;
    // A detail without a translation is left out of a Chinese page: title and remedy say the same.
    this.detail = problem.detail ? toMessage(problem.detail, problem.detailZh ?? "") : undefined;
    this.remedy = toMessage(problem.remedy, problem.remedyZh) ?? NO_ANSWER_REMEDY;
    this.requestId = problem.requestId;
    this.problem = problem;
  }
}

const NO_ANSWER_TITLE: Message = { en: "The server does not answer.", zh: "服务没有响应。" };
const NO_ANSWER_REMEDY: Message = {
  en: "Check that the server runs and that this browser reaches it. The console tries again by itself.",
  zh: "请检查服务是否在运行、此浏览器能否访问它。控制台会自动重试。",
};

export function isApiError(error: unknown): error is ApiError {
  return error instanceof ApiError;
}

export function hasCode(error: unknown, code: ErrorCode): boolean {
  return isApiError(error) && error.code === code;
}

function toMessage(en: string | undefined, zh: string | undefined): Message | undefined {
  return en === undefined ? undefined : { en, zh: zh ?? en };
}
