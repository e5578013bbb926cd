/** Which logins and sessions this server accepts. */
export interface LoginPolicy {
  /** False in production: every login then needs an assertion. */
  readonly allowUnproven: boolean;
  readonly secrets: ReadonlyMap<string, string>;
}
