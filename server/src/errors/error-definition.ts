/** The shape of a row of the error catalogue (errors.ts). */
export interface ErrorDefinition {
  /** HTTP status of the answer. */
  readonly status: number;
  /** Exit code of a command that ends with it (docs/errors.md). */
  readonly exitCode: number;
  /** Status on /api/v1 and /api/admin, where it differs from what the older clients expect. */
  readonly problemStatus: number;
  /** The word that the clients of /api/shared and /api/allinone know (docs/contract.md 9). */
  readonly contractCode: string;
  readonly message: string;
  readonly messageZh: string;
  /** True when the same request may succeed later, unchanged. */
  readonly retryable: boolean;
}

/** A row: English first, Chinese second; the exit code follows from the status unless given. */
export function define(
  status: number,
  contractCode: string,
  [message, messageZh]: readonly [english: string, chinese: string],
  extra: { exitCode?: number; retryable?: boolean; problemStatus?: number } = {},
): ErrorDefinition {
  return {
    status,
    problemStatus: extra.problemStatus ?? status,
    contractCode,
    message,
    messageZh,
    exitCode: extra.exitCode ?? (status >= 500 ? 1 : 2),
    retryable: extra.retryable ?? false,
  };
}
