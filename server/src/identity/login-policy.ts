/** Which logins and sessions this server accepts. */
export interface LoginPolicy {
  /** False in production: every login then needs an assertion. */
  readonly allowUnverified: boolean;
  readonly secrets: ReadonlyMap<string, string>;
}
