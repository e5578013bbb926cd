/**
 * `npm run story`: the whole journey on a legacy database under an old server's load, from the
 * failing wallet on paper to the partner's page all green, in sandbox and in production. Each step
 * prints the load's worst wait and its errors, and ticks a box by a probe.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { verbatim, type Message } from "../../src/lib/messages.ts";
import { languageOfCommand } from "../../src/cli/usage/usage-error.ts";
import { proveViews, readLegacyState, type LegacyState } from "./adopted-views.ts";
import { runNewday, type Ran } from "./command.ts";
import { loadTable, reportLoad, underLoad, type StepLoad } from "./load-report.ts";
import { startOurReaders, type OurReaders } from "./our-readers.ts";
import { pressStart } from "./page.ts";
import {
  partnerAfter,
  partnerBefore,
  partnerBetween,
  partnerUnverified,
  partnerWithinCap,
} from "./partner-acts.ts";
import {
  LOGIN_OFF,
  LOGIN_ON,
  PARTNER_SECRET,
  PRODUCTION_PAGE,
  PRODUCTION_STEPS,
  productionSettings,
} from "./production.ts";
import { HELP, InvalidStoryUsage, readStoryRequest, type StoryRequest } from "./request.ts";
import { checklistOf, REPORT, RUNBOOK, type RunbookStep } from "./runbook.ts";
import { createScreen, type Screen } from "./screen.ts";
import { setStoryStage, type StoryStage } from "./stage.ts";

const EXIT_BROKEN = 1;
const EXIT_INVALID_USAGE = 2;
const IMAGE = "story-green-page.png";
/** The numbers in the titles. */
const STEPS: readonly RunbookStep[] = [...RUNBOOK, ...PRODUCTION_STEPS];

interface Story {
  readonly request: StoryRequest;
  readonly screen: Screen;
  readonly stage: StoryStage;
  readonly readers: OurReaders;
  readonly loads: StepLoad[];
  /** Of the machine before the start: waits on a busy one are its own. */
  readonly loadAverage: number;
}

async function main(): Promise<void> {
  const request = readStoryRequest(process.argv.slice(2));
  if (!request) return console.log(HELP[languageOfCommand()]);
  const screen = createScreen(request.language);
  const started = performance.now();
  const [loadAverage = 0] = loadavg();
  const stage = await setStoryStage(request);
  try {
    const readers = await startOurReaders(stage.base);
    const story = { request, screen, stage, readers, loads: [], loadAverage };
    try {
      await playAll(story);
    } catch (error) {
      console.error(error);
      screen.box(false, verbatim(String(error)));
    } finally {
      await readers.stop();
    }
    summarize(story, performance.now() - started);
  } finally {
    await stage.close();
  }
  process.exitCode = screen.broken.length === 0 ? 0 : EXIT_BROKEN;
}

/** Ends early at a step that failed: the next one would build on it. */
async function playAll(story: Story): Promise<void> {
  await partnerBefore(story.screen, story.stage);
  let atAdoption: LegacyState | undefined;
  for (const step of RUNBOOK) {
    if (step.adopts) await partnerBetween(story.screen, story.stage);
    const holds = await playStep(story, step, step.adopts === true || atAdoption !== undefined);
    if (!holds) return;
    if (step.adopts) atAdoption = await readLegacyState(story.stage.client);
  }
  await partnerAfter(story.screen, story.stage);
  if (atAdoption) await oldServerAfter(story, atAdoption);
  await playProduction(story);
}

/** The same database behind a production server, for the partner's clients as they are. */
async function playProduction(sandbox: Story): Promise<void> {
  const { screen } = sandbox;
  await sandbox.readers.stop(); // a start in production ends every session without a proof
  const stage = await sandbox.stage.restart(productionSettings());
  const readers = await startOurReaders(stage.base, PARTNER_SECRET);
  const story = { ...sandbox, stage, readers };
  try {
    const before = {
      en: "Production: without a compatibility login",
      zh: "生产模式：未开启兼容登录",
    };
    await playAct(story, before, () => {
      screen.line({
        en: "New Day started again with NEWDAY_MODE=production, NEWDAY_PLATFORM_SECRETS and NEWDAY_SECRETS_KEY",
        zh: "New Day 已重启，设置了 NEWDAY_MODE=production、NEWDAY_PLATFORM_SECRETS 与 NEWDAY_SECRETS_KEY",
      });
      return partnerUnverified(screen, stage);
    });
    if (!(await playStep(story, LOGIN_ON, true))) return;
    const within = { en: "Production: the partner's calls", zh: "生产模式：合作方的调用" };
    const token = await playAct(story, within, () => partnerWithinCap(screen, stage));
    await playStep(story, PRODUCTION_PAGE, true);
    await playStep(story, LOGIN_OFF, true);
    const after = { en: "Production: switched off again", zh: "生产模式：再次关闭之后" };
    await playAct(story, after, () => partnerUnverified(screen, stage, token));
  } finally {
    await readers.stop();
  }
}

/** Calls of the partner with the load going on, under a title of their own. */
async function playAct<T>(story: Story, name: Message, work: () => Promise<T>): Promise<T> {
  const title = story.screen.t(name);
  story.screen.title(title);
  const { result, load } = await underLoad(loadOf(story), title, work);
  reportLoad(story.screen, load, true);
  story.loads.push(load);
  return result;
}

async function playStep(story: Story, step: RunbookStep, isAdopted: boolean): Promise<boolean> {
  const { screen, stage, request } = story;
  const { command } = step;
  const number = STEPS.indexOf(step) + 1;
  const title = `${number}. ${screen.t(step.title)}`;
  screen.title(title);
  const { result, load } = await underLoad(loadOf(story), title, () =>
    command === undefined ? openPage(story, step) : runNewday(stage, command, request.language),
  );
  screen.output(result.typed, result.output);
  if (command?.includes("REPORT"))
    for (const box of checklistOf(readFileSync(join(stage.folder, REPORT), "utf8")))
      screen.line(verbatim(box.slice(2)));
  const holds = result.status === 0 && (await step.probe(stage, result.output));
  const { en, zh } = step.proves;
  screen.box(
    holds,
    result.status === 0
      ? step.proves
      : { en: `exit ${result.status}: ${en}`, zh: `退出码 ${result.status}：${zh}` },
  );
  reportLoad(screen, load, isAdopted);
  story.loads.push(load);
  return holds;
}

/** The old server goes on after the adoption: what it reads, and what it is refused. */
async function oldServerAfter(story: Story, atAdoption: LegacyState): Promise<void> {
  const { screen, stage } = story;
  const title = screen.t({ en: "the old server after the adoption", zh: "接管之后的旧服务器" });
  const { load } = await underLoad(loadOf(story), title, () =>
    proveViews(stage.client, atAdoption, screen),
  );
  reportLoad(screen, load, true);
  story.loads.push(load);
}

function loadOf({ stage, readers, request }: Story) {
  return { old: stage.old, ours: readers, stepMs: request.stepMs };
}

/** Both recordings show the image of the Chinese page, as the partner opens it; production adds none. */
function openPage(
  { stage, request: { language, record } }: Story,
  step: RunbookStep,
): Promise<Ran> {
  const isKept = record && language === "zh" && step !== PRODUCTION_PAGE;
  const folder = isKept ? "docs/images" : "artefacts/story";
  const name = step === PRODUCTION_PAGE ? `production-${IMAGE}` : IMAGE;
  return pressStart(stage.base, { language, image: join(folder, name) });
}

function summarize(story: Story, tookMs: number): void {
  const { screen, loads, request } = story;
  screen.title(screen.t({ en: "Summary", zh: "总结" }));
  const [cores, before] = [availableParallelism(), story.loadAverage.toFixed(1)];
  screen.line({
    en: `machine: ${cores} cores, load average ${before} before the start`,
    zh: `机器：${cores} 核，开始前的平均负载 ${before}`,
  });
  loadTable(screen, loads);
  for (const text of screen.broken)
    screen.line({ en: `NOT AS PROMISED: ${text}`, zh: `不符合承诺：${text}` });
  const seconds = (tookMs / 1_000).toFixed(0);
  screen.box(screen.broken.length === 0, {
    en: `everything is as promised, in ${seconds} s`,
    zh: `全部符合承诺，用时 ${seconds} 秒`,
  });
  if (!request.record || screen.broken.length > 0) return;
  const name = request.language === "zh" ? "story-zh.md" : "story.md";
  const page = `\n![${screen.t({ en: "The page after the run", zh: "运行后的页面" })}](../images/${IMAGE})\n`;
  writeFileSync(join("docs/repair", name), `${screen.markdown()}${page}`);
}

function usageError(message: string): string {
  const how = { en: "Invalid usage, see --help", zh: "用法有误，请看 --help" };
  return `${how[languageOfCommand()]}: ${message}`;
}

main().catch((error: unknown) => {
  console.error(error instanceof InvalidStoryUsage ? usageError(error.message) : error);
  process.exitCode = error instanceof InvalidStoryUsage ? EXIT_INVALID_USAGE : EXIT_BROKEN;
});
