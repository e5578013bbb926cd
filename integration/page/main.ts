/** The integration page: reads the address, runs the checks, and shows each of them as it happens. */
import { summaryLine } from "../checks/report-text.ts";
import type { Language, Report } from "../checks/model.ts";
import { CHECKS, runChecks } from "../checks/run-checks.ts";
import { fetchTransport } from "../checks/transport.ts";
import { parseBase } from "../checks/base-url.ts";
import { latencyChart } from "./chart.ts";
import { part } from "./dom.ts";
import { copyTicket, downloadReport } from "./exports.ts";
import { openNullOriginTransport } from "./null-origin.ts";
import { drawRows, redrawRow, type RowState } from "./rows.ts";
import { TEXTS, type TextName } from "./texts.ts";

const DEFAULT_BASE = "http://localhost:5000";

const form = part("form", HTMLFormElement);
const address = part("address", HTMLInputElement);
const start = part("start", HTMLButtonElement);
const rows = part("rows", HTMLElement);
const headline = part("headline", HTMLElement);
const progress = part("progress", HTMLProgressElement);
const live = part("live", HTMLElement);
const results = part("results", HTMLElement);

const parameters = new URLSearchParams(location.search);
const states = new Map<string, RowState>();
let language: Language = parameters.get("lang") === "en" ? "en" : "zh";
let report: Report | undefined;
let running = false;

function draw(): void {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = TEXTS.title[language];
  for (const labelled of document.querySelectorAll<HTMLElement>("[data-text]"))
    labelled.textContent = TEXTS[labelled.dataset["text"] as TextName][language];
  drawRows(rows, CHECKS, { states, language });
  drawSummary();
}

function drawSummary(): void {
  const done = [...states.values()].filter((state) => typeof state !== "string");
  progress.max = CHECKS.length;
  progress.value = done.length;
  start.disabled = running;
  start.textContent = TEXTS[running ? "running" : "start"][language];
  document.body.dataset["verdict"] = running ? "running" : (report?.verdict ?? "pending");
  results.hidden = report === undefined;
  if (running) headline.textContent = `${TEXTS.running[language]} ${done.length}/${CHECKS.length}`;
  else if (report) showReport(report);
  else headline.textContent = `${TEXTS.ready[language]} · ${CHECKS.length}`;
}

function showReport(shown: Report): void {
  const verdict = TEXTS[shown.verdict === "green" ? "allGreen" : "someRed"][language];
  headline.textContent = `${verdict} · ${summaryLine(shown, language)}`;
  part("chart", HTMLElement).replaceChildren(...latencyChart(shown.latency, language));
}

async function run(base: string): Promise<void> {
  running = true;
  report = undefined;
  for (const { id } of CHECKS) states.set(id, "pending");
  draw();
  const own = fetchTransport(fetch.bind(globalThis), { cache: "no-store" });
  const fromDisk = origin === "null" ? own : await openNullOriginTransport();
  report = await runChecks(
    { base, own, fromDisk },
    {
      started: (check) => setState(check.id, "running"),
      finished: (result) => {
        setState(result.id, result);
        if (result.verdict === "red")
          announce(`${result.title[language]}: ${result.finding[language]}`);
      },
    },
  );
  for (const frame of document.querySelectorAll("iframe")) frame.remove();
  running = false;
  drawSummary();
  announce(headline.textContent);
}

function setState(id: string, state: RowState): void {
  states.set(id, state);
  const check = CHECKS.find((candidate) => candidate.id === id);
  if (check) redrawRow(check, { states, language });
  drawSummary();
}

function announce(sentence: string): void {
  live.textContent = sentence;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const base = parseBase(address.value);
  address.setCustomValidity(base === undefined ? TEXTS.addressWrong[language] : "");
  if (base === undefined) address.reportValidity();
  else if (!running) void run(base);
});
address.addEventListener("input", () => address.setCustomValidity(""));
part("language", HTMLButtonElement).addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  draw();
});
part("download", HTMLButtonElement).addEventListener("click", () => {
  if (report) downloadReport(report);
});
part("copy", HTMLButtonElement).addEventListener("click", () => {
  if (report) void copyTicket(report, language).then((name) => announce(TEXTS[name][language]));
});
part("print", HTMLButtonElement).addEventListener("click", () => print());

address.value = parameters.get("base") ?? (origin === "null" ? DEFAULT_BASE : origin);
draw();
