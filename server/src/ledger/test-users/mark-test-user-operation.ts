/** Marks the accounts of a test user, for good: their money moves among test users and the shop only. */
import { TEST_USER } from "../accounts/account-restrictions.ts";
import { accounts, changedAccount } from "../accounts/accounts.ts";
import { accountRow } from "../transfers/apply-posting.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey } from "../../engine/resource.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface MarkTestUserPayload {
  readonly accounts: readonly bigint[];
}

export const markTestUserOperation = defineOperationType<MarkTestUserPayload>()({
  name: "mark_test_user",
  readWriteSet: ({ accounts: ids }) => ids.map((id) => rowKey(accounts, id)),
  decide({ accounts: ids, ...unread }, view) {
    unread satisfies NothingElse;
    const rows = ids.map((id) => accountRow(view, id));
    return {
      changes: rows.map((row) =>
        change(accounts, row.id, changedAccount(row, { flags: row.flags | TEST_USER })),
      ),
    };
  },
});
