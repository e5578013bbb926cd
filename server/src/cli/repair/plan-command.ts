import { helpText } from "../usage/help-text.ts";
import type { Command } from "commander";
import { refusal } from "../../errors/refusals.ts";
import { readOnly, withRepairConnection } from "../../repair/connection/connection.ts";
import { blocking } from "../../repair/model/finding.ts";
import { buildPlan } from "../../repair/plan/build-plan.ts";
import { requireWritableFile, SHARED_MODE, writeOutput } from "../../repair/model/output-file.ts";
import { defaultPlanPath, requirePlanPlace, writePlanFile } from "../../repair/plan/plan-file.ts";
import { estimatesOf, readRehearsal } from "../../repair/rehearse/rehearsal-result.ts";
import {
  DEFAULT_TARGETS_FILE,
  findTarget,
  readTargets,
  type Target,
} from "../../repair/model/target-file.ts";
import { shortHash, type Plan } from "../../repair/model/plan.ts";
import { readEnvironmentName } from "../../config.ts";
import { readMarker } from "../../repair/catalogue/server-queries.ts";
import { askFacts, type Fact } from "./ask-facts.ts";
import { applyLine, planMarkdown, planScreen } from "./plan-screen.ts";
import { closeReplicas, openReplicas } from "../../repair/replicas/replica-link.ts";
import { collect, REPLICA_OPTION } from "./list-option.ts";
import { asTyped } from "../usage/invocation.ts";
import {
  EXIT,
  runCommand,
  withSharedOptions,
  type RepairSession,
  type SharedOptions,
} from "./session.ts";

interface PlanOptions extends SharedOptions {
  readonly out?: string;
  readonly environment?: string;
  readonly accept: readonly string[];
  readonly target?: string;
  readonly targets: string;
  readonly markdown?: string;
  readonly rehearsal?: string;
  readonly replicaUrl: readonly string[];
}

/** Long enough to tell a busy table from a quiet one, short enough for a person to wait. */
const LOAD_SAMPLE_MS = 1_000;
const EXIT_BLOCKED_BY_FINDINGS = 3;

export function registerPlan(parent: Command): void {
  const command = parent.command("plan").description(
    helpText({
      en: "inspect the database, show what would be done, write it to a file; writes nothing to the database",
      zh: "检查数据库，说明将要执行的操作并写入文件；不写入数据库",
    }),
  );
  withSharedOptions(command)
    .option(
      "--out <file>",
      helpText({
        en: "where the plan goes; default: a name made of database and hash",
        zh: "计划文件的位置；默认由数据库名与哈希组成",
      }),
    )
    .option(
      "--environment <name>",
      helpText({
        en: "production, staging, ...; default: NEWDAY_ENVIRONMENT, then the database's marker; a terminal asks",
        zh: "production、staging 等；默认取 NEWDAY_ENVIRONMENT，其次取数据库标记；终端中会询问",
      }),
    )
    .option(
      "--target <name>",
      helpText({
        en: "the named target that this database must turn out to be",
        zh: "该数据库必须与此命名目标一致",
      }),
    )
    .option(
      "--markdown <file>",
      helpText({
        en: "write the plan for a ticket or a review as well",
        zh: "同时写出供工单或评审使用的计划",
      }),
    )
    .option(
      "--targets <file>",
      helpText({ en: "the file of targets", zh: "目标文件" }),
      DEFAULT_TARGETS_FILE,
    )
    .option(
      "--accept <ID=REASON>",
      helpText({
        en: "accept a blocking finding, with the reason",
        zh: "接受一项阻断性的检查结果，并写明理由",
      }),
      collect,
      [],
    )
    .option(...REPLICA_OPTION)
    .option(
      "--rehearsal <file>",
      helpText({
        en: "result of `newday repair rehearse`: measured locks and times",
        zh: "newday repair rehearse 的结果：实测的锁与耗时",
      }),
    )
    .action((options: PlanOptions) => runCommand(options, (session) => makePlan(session, options)));
}

async function makePlan(session: RepairSession, options: PlanOptions): Promise<number> {
  if (options.out === undefined) requireWritableFile("newday-repair-plan.json");
  else requirePlanPlace(options.out);
  if (options.markdown !== undefined) requireWritableFile(options.markdown);
  const expected = options.target ? findTarget(options.targets, options.target) : undefined;
  const environment =
    options.environment ?? expected?.environment ?? readEnvironmentName(process.env);
  const plan = await buildChosenPlan(session, options, {
    expected,
    environment: environment ?? (await findEnvironment(session)),
  });
  if (!session.json)
    process.stdout.write(
      `${asTyped(planScreen(plan, session.repair, session.language).join("\n"))}\n\n`,
    );
  if (options.markdown !== undefined)
    writeOutput(
      options.markdown,
      planMarkdown(plan, session.repair, session.language),
      SHARED_MODE,
    );
  if (plan.keys.length === 0) return nothingToDrop(plan);
  const path = options.out ?? defaultPlanPath(plan);
  const hash = writePlanFile(path, plan);
  session.emit(
    "artefact",
    { en: `plan written to ${path}`, zh: `计划已写入 ${path}` },
    {
      path,
      hash,
      shortHash: shortHash(hash),
      plan,
    },
  );
  const inTheWay = [...new Set(blocking(plan.findings).map(({ id }) => id))];
  if (inTheWay.length > 0) {
    const ids = inTheWay.join(", ");
    session.emit(
      "warning",
      {
        en: `This plan CANNOT be applied: ${ids} stand in the way. ${path} is for reading; mend what it names (each arrow above says how), then make a new plan.`,
        zh: `此计划无法执行：存在阻止项 ${ids}。${path} 仅供阅读；请按上面箭头所示处理，然后重新生成计划。`,
      },
      { applicable: false, findings: inTheWay },
    );
    return EXIT_BLOCKED_BY_FINDINGS;
  }
  const line = applyLine(path, options);
  session.emit(
    "note",
    {
      en: `To apply it:\n\n  ${line}\n\n  It asks for the database, the environment and the plan's short hash. A script gives them by --confirm-database, --confirm-environment and --confirm-plan.`,
      zh: `执行该计划：\n\n  ${line}\n\n  执行时会要求输入数据库名、环境和计划短哈希；脚本中请用 --confirm-database、--confirm-environment、--confirm-plan 给出。`,
    },
    { apply: line },
  );
  return EXIT.done;
}

/** Without a key of the repair the plan is empty, unless another key has the same effect. */
function nothingToDrop({ findings }: Plan): number {
  const isHeld = blocking(findings).some(({ id }) => id === "B21");
  return isHeld ? EXIT_BLOCKED_BY_FINDINGS : EXIT.satisfied;
}

/** The database's marker, or a person's word: a wrong one would put the wrong guards around the change. */
async function findEnvironment(session: RepairSession): Promise<string> {
  const marker = await withRepairConnection(session.target, "plan", (client) =>
    readOnly(client, () => readMarker(client)),
  );
  if (marker !== undefined) return marker;
  const { environment } = await askFacts(session, { environment: WHICH_ENVIRONMENT });
  if (environment) return environment;
  throw refusal("environment_missing", {}, { details: { option: "--environment" } });
}

const WHICH_ENVIRONMENT: Fact = {
  given: undefined,
  question: {
    en: "Which environment is this database? (production, staging, ...)",
    zh: "该数据库属于哪个环境？（production、staging 等）",
  },
};

function buildChosenPlan(
  session: RepairSession,
  options: PlanOptions,
  {
    expected,
    environment,
  }: { readonly expected: Target | undefined; readonly environment: string },
): Promise<Plan> {
  return withRepairConnection(session.target, "plan", async (client) => {
    const replicas = await openReplicas(client, options.replicaUrl);
    try {
      const { plan } = await buildPlan(client, {
        repair: session.repair,
        tool: session.tool,
        schema: session.schema,
        environment,
        expected,
        others: readTargets(options.targets).filter(({ name }) => name !== options.target),
        accepted: acceptances(options.accept),
        now: new Date(),
        loadSampleMs: LOAD_SAMPLE_MS,
        estimates:
          options.rehearsal === undefined
            ? undefined
            : estimatesOf(readRehearsal(options.rehearsal, session.repair.id)),
        replicas,
      });
      return plan;
    } finally {
      await closeReplicas(replicas);
    }
  });
}

function acceptances(list: readonly string[]): Map<string, string> {
  return new Map(
    list.map((text) => {
      const at = text.indexOf("=");
      const reason = text.slice(at + 1).trim();
      if (at < 1 || reason === "")
        throw refusal("accept_form", {}, { details: { option: "--accept" } });
      return [text.slice(0, at).trim().toUpperCase(), reason];
    }),
  );
}
