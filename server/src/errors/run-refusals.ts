/** Refusals of `newday repair` about a plan, a run, its change, and its rollback. */
import type { RefusalRows } from "./refusal-row.ts";

export const RUN_REFUSALS = {
  confirmation_differs: {
    error: "repair_refused",
    message: {
      en: "The confirmation does not fit the plan: {wrong}.",
      zh: "确认信息与计划不符：{wrong}。",
    },
    remedy: {
      en: "Read the plan; its last lines say what to state.",
      zh: "请阅读计划；末尾几行说明应填写的内容。",
    },
  },
  plan_expired: {
    error: "repair_plan_stale",
    message: { en: "The plan expired at {at}.", zh: "计划已于 {at} 过期。" },
    remedy: {
      en: "Make a new one with `newday repair plan`.",
      zh: "请用 newday repair plan 重新生成。",
    },
  },
  plan_from_the_future: {
    error: "repair_plan_stale",
    message: {
      en: "The plan was made at {at}, and here it is only {now}: one of the clocks is wrong.",
      zh: "计划制定于 {at}，而本机时间才 {now}：其中一方的时钟有误。",
    },
    remedy: { en: "Set it right, or make a new plan.", zh: "请校正时钟，或重新生成计划。" },
  },
  plan_rules_changed: {
    error: "repair_plan_stale",
    message: {
      en: 'The rules of "{repair}" changed since the plan was made.',
      zh: "制定计划之后，“{repair}”的规则已变更。",
    },
    remedy: { en: "Make a new plan.", zh: "请重新生成计划。" },
  },
  plan_of_other_version: {
    error: "repair_plan_stale",
    message: {
      en: "{path} was made by another version of this tool.",
      zh: "{path} 由本工具的其他版本生成。",
    },
    remedy: { en: "Make a new plan.", zh: "请重新生成计划。" },
  },
  plan_edited: {
    error: "repair_plan_stale",
    message: {
      en: "{path} was edited after it was made: its content has another hash.",
      zh: "{path} 生成后被改动：内容的哈希不一致。",
    },
    remedy: { en: "Make a new plan.", zh: "请重新生成计划。" },
  },
  plan_has_blocking_findings: {
    error: "repair_refused",
    message: {
      en: "The plan has blocking findings. {findings}",
      zh: "计划中有阻断性的检查结果。{findings}",
    },
    remedy: {
      en: "Resolve them, or accept one with `newday repair plan --accept ID=REASON`; `newday repair explain ID` has its remedy.",
      zh: "请逐项处理，或用 newday repair plan --accept ID=理由 接受；newday repair explain ID 说明处理方法。",
    },
  },
  dump_running: {
    error: "repair_refused",
    message: {
      en: "B62: a dump is running (pid {pid}, {application}); nothing was changed.",
      zh: "B62：正在执行备份（pid {pid}，{application}）；未做任何更改。",
    },
    remedy: { en: "Apply again when it has ended.", zh: "请待其结束后重新执行 apply。" },
  },
  database_moved: {
    error: "repair_plan_stale",
    message: {
      en: "The database moved since the plan was made; make a new plan.\n{moved}",
      zh: "制定计划之后数据库已变化，请重新生成计划。\n{moved}",
    },
    remedy: { en: "Run `newday repair plan` again.", zh: "请重新运行 newday repair plan。" },
  },
  backup_file_gone: {
    error: "repair_refused",
    message: {
      en: "The backup file is not there after it was taken; nothing was changed.",
      zh: "备份完成后文件不存在；未做任何更改。",
    },
    remedy: {
      en: "Check the backup folder, then run the command again.",
      zh: "请检查备份目录后重新运行。",
    },
  },
  run_stopped_before_change: {
    error: "repair_blocked",
    message: {
      en: "The run stopped before the change; nothing was changed: {words}",
      zh: "运行在更改之前停止；未做任何更改：{words}",
    },
    remedy: {
      en: "Resolve the reason, then run the command again.",
      zh: "请处理该原因后重新运行。",
    },
  },
  connection_lost_before_change: {
    error: "repair_blocked",
    message: {
      en: "The connection was lost before the change; nothing was changed: {words}",
      zh: "连接在更改之前中断；未做任何更改：{words}",
    },
    remedy: { en: "Run the command again.", zh: "请重新运行。" },
  },
  run_broke_off: {
    error: "repair_blocked",
    message: {
      en: "The run broke off and the keys are still there; nothing was changed: {words}",
      zh: "运行中断，外键仍在；未做任何更改：{words}",
    },
    remedy: { en: "Run `newday repair apply` again.", zh: "请重新运行 newday repair apply。" },
  },
  verification_not_run: {
    error: "repair_incomplete",
    message: {
      en: "The keys are gone, but the proof could not be run: {words}.",
      zh: "外键已删除，但无法进行验证：{words}。",
    },
    remedy: { en: "Run `newday repair verify`.", zh: "请运行 newday repair verify。" },
  },
  verification_failed: {
    error: "repair_incomplete",
    message: {
      en: "The keys are gone, but a proof fails: {failed}.",
      zh: "外键已删除，但验证未通过：{failed}。",
    },
    remedy: {
      en: "Read the lines with `not ok`, then run `newday repair verify`.",
      zh: "请查看标为 not ok 的各行，再运行 newday repair verify。",
    },
  },
  database_rolled_back: {
    error: "repair_verify_failed",
    message: {
      en: "The database refused and rolled back: {words}. Nothing was changed.",
      zh: "数据库拒绝并已回滚：{words}。未做任何更改。",
    },
    remedy: {
      en: "Resolve the reason, then make a new plan.",
      zh: "请处理该原因，再重新生成计划。",
    },
  },
  held_too_long: {
    error: "repair_blocked",
    message: {
      en: "The server canceled the change under its locks: it took longer than {bound} ms, or a person canceled it ({words}). Nothing was changed.",
      zh: "服务器在持锁期间取消了更改：耗时超过 {bound} 毫秒，或被人取消（{words}）。未做任何更改。",
    },
    remedy: {
      en: "Triggers and event triggers of the tables run under the locks: `newday repair rehearse` measures them. Make them faster or disable them for the change, then run the same command again.",
      zh: "表上的触发器与事件触发器会在持锁期间运行，newday repair rehearse 可测量其耗时。请先优化或临时停用，再运行同一命令。",
    },
  },
  connection_lost_during_change: {
    error: "repair_in_doubt",
    message: {
      en: "The connection was lost while the change was being made: {words}.",
      zh: "连接在更改过程中中断：{words}。",
    },
    remedy: {
      en: "If this stays in doubt, run `newday repair resume`, which asks again.",
      zh: "若结果仍不明，请运行 newday repair resume 再次查明。",
    },
  },
  stopped_before_change: {
    error: "repair_blocked",
    message: {
      en: "Stopped{by} before the change; nothing was changed.",
      zh: "已在更改之前停止{by}；未做任何更改。",
    },
    remedy: {
      en: "Run `newday repair apply` again when it may go on.",
      zh: "可以继续时请重新运行 newday repair apply。",
    },
  },
  budget_spent: {
    error: "repair_blocked",
    message: {
      en: "The budget of {seconds} s is spent and the locks were never free together; nothing was changed.{inTheWay}",
      zh: "{seconds} 秒的时限已用完，所需的锁从未同时空闲；未做任何更改。{inTheWay}",
    },
    remedy: {
      en: "Try again at a quieter time or with a longer --budget; `newday repair unblock` lists the sessions.",
      zh: "请在空闲时段重试，或用 --budget 延长时限；newday repair unblock 列出相关会话。",
    },
  },
  server_has_rolled_back: {
    error: "repair_blocked",
    message: {
      en: "The connection was lost and the server has rolled back; nothing was changed.",
      zh: "连接中断，服务器已回滚；未做任何更改。",
    },
    remedy: { en: "Run it again.", zh: "请重新运行。" },
  },
  run_not_found: {
    error: "repair_refused",
    message: {
      en: "No run {id} of this user waits on this machine (live: {live}); nothing was changed.",
      zh: "本机没有该用户等待中的运行 {id}（进行中：{live}）；未做任何更改。",
    },
    remedy: {
      en: "Run the command as the user and on the machine of the run.",
      zh: "请以该运行的用户、在其所在机器上执行。",
    },
  },
  run_halted: {
    error: "repair_refused",
    message: {
      en: "The run {id} does not answer: its process is halted.",
      zh: "运行 {id} 没有应答：其进程已被挂起。",
    },
    remedy: { en: "Let it go on with `fg` in its terminal.", zh: "请在其终端用 fg 让它继续。" },
  },
  run_ended: {
    error: "repair_refused",
    message: { en: "The run {id} has ended meanwhile.", zh: "运行 {id} 已经结束。" },
    remedy: {
      en: "Read its end with `newday repair status`.",
      zh: "请用 newday repair status 查看结果。",
    },
  },
  run_died: {
    error: "repair_in_doubt",
    message: { en: "The run died before it said how it ended.", zh: "运行在报告结果之前已终止。" },
    remedy: {
      en: "Run `newday repair resume`, which asks the server.",
      zh: "请运行 newday repair resume，由服务器查明结果。",
    },
  },
  session_not_found: {
    error: "repair_refused",
    message: {
      en: "No session with pid {pid} started at {started} holds a lock on the repair's tables; nothing was ended.",
      zh: "没有开始于 {started}、pid 为 {pid} 的会话持有这些表的锁；未结束任何会话。",
    },
    remedy: {
      en: "Take pid and start from a new list: `newday repair unblock`.",
      zh: "请用 newday repair unblock 重新列出，再取 pid 与开始时间。",
    },
  },
  session_not_ended: {
    error: "repair_refused",
    message: {
      en: "The server did not signal pid {pid}.",
      zh: "服务器未能向 pid {pid} 发出信号。",
    },
    remedy: {
      en: "Look again with `newday repair unblock`.",
      zh: "请用 newday repair unblock 再次查看。",
    },
  },
  session_still_there: {
    error: "repair_refused",
    message: {
      en: "Session {pid} was told to stop its work and still holds its locks.",
      zh: "已要求会话 {pid} 停止，但它仍持有锁。",
    },
    remedy: {
      en: "Look again with `newday repair unblock`.",
      zh: "请用 newday repair unblock 再次查看。",
    },
  },
  statement_still_there: {
    error: "repair_refused",
    message: {
      en: "Session {pid} was told to stop its statement and still holds its locks.",
      zh: "已要求会话 {pid} 停止其语句，但它仍持有锁。",
    },
    remedy: {
      en: "A transaction without a running statement has none to cancel: use --terminate.",
      zh: "没有正在执行语句的事务无可取消：请使用 --terminate。",
    },
  },
  rollback_other_schema: {
    error: "rollback_refused",
    message: {
      en: "The dropped keys are of other tables than those of schema {schema} here: {names}.",
      zh: "被删除的外键不属于此处 schema {schema} 的表：{names}。",
    },
    remedy: {
      en: "Name their schema with --schema, or the database where they were dropped.",
      zh: "请用 --schema 指定其 schema，或指定当初删除它们的数据库。",
    },
  },
  rollback_option_closed: {
    error: "rollback_refused",
    message: {
      en: "Option {option} is closed: {why}. Open now: {open}. Nothing was changed.",
      zh: "回滚方式 {option} 不可行：{why}。当前可行：{open}。未做任何更改。",
    },
    remedy: { en: "Choose an option that is open.", zh: "请选择可行的方式。" },
  },
  rollback_after_adoption: {
    error: "rollback_refused",
    message: {
      en: "New Day has adopted this database; the old tables are history.",
      zh: "New Day 已接管此数据库；旧表仅作历史留存。",
    },
    remedy: {
      en: "Restore a backup from before the adoption if you must go back.",
      zh: "如必须退回，请恢复接管之前的备份。",
    },
  },
  rollback_not_needed: {
    error: "rollback_refused",
    message: {
      en: "The keys are still there: there is nothing to roll back.",
      zh: "外键仍在：无需回滚。",
    },
    remedy: {
      en: "Check the state with `newday repair status`.",
      zh: "请用 newday repair status 查看状态。",
    },
  },
  rollback_without_journal: {
    error: "rollback_refused",
    message: {
      en: "The journal does not know what was dropped.",
      zh: "日志中没有被删除内容的记录。",
    },
    remedy: { en: "Give the plan with --plan-file.", zh: "请用 --plan-file 给出计划。" },
  },
  rollback_overtaken: {
    error: "rollback_refused",
    message: { en: "{what}", zh: "{what}" },
    remedy: {
      en: "Run `newday repair rollback --plan` again and choose anew.",
      zh: "请重新运行 newday repair rollback --plan 后再选择。",
    },
  },
  rollback_facts_differ: {
    error: "repair_refused",
    message: {
      en: "State what is rolled back, and mean it: {facts}. Nothing was changed.",
      zh: "请明确要回滚的对象：{facts}。未做任何更改。",
    },
    remedy: { en: "Add these options to the command.", zh: "请在命令中加上这些选项。" },
  },
  rollback_key_removed: {
    error: "repair_incomplete",
    message: {
      en: 'The key "{key}" was added to {table} by this rollback and is gone: it was removed since. Nothing was changed now, and this rollback is closed.',
      zh: "本次回滚为 {table} 添加的外键“{key}”此后又被删除。此次未做任何更改，该回滚已关闭。",
    },
    remedy: {
      en: "Run `newday repair rollback --plan`, which says what is open.",
      zh: "请运行 newday repair rollback --plan 查看可行的方式。",
    },
  },
  rollback_not_validated: {
    error: "repair_incomplete",
    message: {
      en: 'The key "{key}" is back and refuses new orphan rows, but it did not validate: {words}.',
      zh: "外键“{key}”已恢复并拒绝新的孤立行，但校验未完成：{words}。",
    },
    remedy: {
      en: "Run `newday repair resume`, which tries again.",
      zh: "请运行 newday repair resume 重试。",
    },
  },
  rollback_withdrawn: {
    error: "rollback_refused",
    message: {
      en: "An external user is in the way: {words}. The keys were taken away again; the database is as it was before.",
      zh: "有外部用户阻碍：{words}。外键已撤回，数据库与之前相同。",
    },
    remedy: {
      en: "Run `newday repair rollback --plan` again and choose anew.",
      zh: "请重新运行 newday repair rollback --plan 后再选择。",
    },
  },
  rollback_unfinished: {
    error: "repair_incomplete",
    message: {
      en: "The keys are back and refuse new orphan rows, but the rest was cut off: {words}.",
      zh: "外键已恢复并拒绝新的孤立行，但其余步骤中断：{words}。",
    },
    remedy: {
      en: "Run `newday repair resume`, which finishes it.",
      zh: "请运行 newday repair resume 完成剩余步骤。",
    },
  },
} as const satisfies RefusalRows;
