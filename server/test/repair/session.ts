/** Another session on a database of a test: a reader, a writer or the holder of a lock. */
import { openDirectClient, type DirectClient } from "../../src/db/driver/direct-client.ts";
import type { TestDatabase } from "../support/database.ts";
import { onTestFinished } from "../support/test-end.ts";

/** Opens a session that is closed when the test has finished. */
export async function useSession(
  { url }: Pick<TestDatabase, "url">,
  applicationName: string,
): Promise<DirectClient> {
  const session = await openDirectClient({
    target: url,
    applicationName,
    connectTimeoutMs: 10_000,
  });
  onTestFinished(() => session.close());
  return session;
}
