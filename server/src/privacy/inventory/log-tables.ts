/** Texts about a user in the logs of changes. */
import {
  dropped,
  hiddenRenamed,
  hiddenDropped,
  words,
  type PersonalTable,
} from "./personal-column.ts";

const IS_ABOUT_PERSON = "newday.is_change_of(what, subject, before, after, $1)";
/** The person in the log of rules: as the subject, or as its author. */
const LOGGED = `(caller in ('user:' || $1, 'unverified:' || $1) or ${IS_ABOUT_PERSON})`;

export const LOG_TABLES: readonly PersonalTable[] = [
  {
    name: "newday.policy_changes",
    rowsOf: LOGGED,
    exportOf: `${LOGGED} and what not in ('link', 'unlink')`,
    key: ["id"],
    columns: {
      caller: hiddenDropped("who changed a rule", "规则变更者"),
      subject: dropped("the rule, with the person's id", "规则名称，含用户 ID"),
      reason: dropped("why", "原因"),
      before: dropped("the rule before", "变更前"),
      after: dropped("the rule after", "变更后"),
      salts: hiddenDropped("salts of the commitments of these texts", "上述文本承诺值的盐"),
    },
    facts: words("id changed_at what erased_at"),
    internal: words("sequence commitments link"),
  },
  {
    name: "newday.operator_changes",
    rowsOf: IS_ABOUT_PERSON,
    key: ["id"],
    columns: {
      operator: hiddenDropped("who changed it", "操作人"),
      subject: dropped("what was changed, with the person's id", "变更对象，含用户 ID"),
      reason: dropped("why", "原因"),
      before: dropped("its state before", "变更前"),
      after: dropped("its state after", "变更后"),
      salts: hiddenDropped("salts of the commitments of these texts", "上述文本承诺值的盐"),
    },
    facts: words("id changed_at what erased_at"),
    internal: words("database_role sequence commitments link"),
  },
  {
    name: "newday.adoptions",
    rowsOf: "report->'merges' @> jsonb_build_array(jsonb_build_object('ownerId', $1::text))",
    key: ["part"],
    columns: {
      report: hiddenRenamed(
        "examples of adopted rows, with their owners",
        "接管记录示例及其所有者",
      ),
    },
    facts: words("part adopted_at"),
    internal: [],
    isShownElsewhere: true,
  },
];
