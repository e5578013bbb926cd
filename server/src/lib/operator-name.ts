import { userInfo } from "node:os";

/** The name under which a change is recorded; a user id without a name is recorded as its number. */
export function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
