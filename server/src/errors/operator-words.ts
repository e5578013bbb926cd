/** PostgreSQL's DETAIL and HINT, which hold the remedy; for the log and commands, never for HTTP. */

/** The message of whatever was thrown. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `DETAIL: ...` and `HINT: ...` of the error or of its nearest cause that has one. */
export function operatorWords(error: unknown): string[] {
  const { detail, hint } = detailAndHint(error);
  return [
    ...(detail === undefined ? [] : [`DETAIL: ${detail}`]),
    ...(hint === undefined ? [] : [`HINT: ${hint}`]),
  ];
}

/** The two as members of a log line. */
export function detailAndHint(error: unknown): { detail?: string; hint?: string } {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { detail, hint } = current as { detail?: unknown; hint?: unknown };
    if (isText(detail) || isText(hint))
      return { ...(isText(detail) ? { detail } : {}), ...(isText(hint) ? { hint } : {}) };
  }
  return {};
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
