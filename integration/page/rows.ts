/** The list of checks: one line each, live while it runs, and with its exchanges when opened. */
import type { Check } from "../checks/check.ts";
import type { CheckResult, GroupId, Language } from "../checks/model.ts";
import { GROUPS, VERDICTS } from "../checks/report-text.ts";
import { element } from "./dom.ts";
import { exchangeView } from "./exchange-view.ts";
import { TEXTS } from "./texts.ts";

/** The state of a line: pending, running, or its result. */
export type RowState = "pending" | "running" | CheckResult;

/** Draws every check into `container`; lines that were open stay open. */
export function drawRows(
  container: HTMLElement,
  checks: readonly Check[],
  { states, language }: { states: ReadonlyMap<string, RowState>; language: Language },
): void {
  const open = new Set([...container.querySelectorAll("details[open]")].map(({ id }) => id));
  const groups = [...new Set(checks.map(({ group }) => group))];
  container.replaceChildren(
    ...groups.map((group) => groupView(group, checks, { states, language, open })),
  );
}

interface Drawing {
  readonly states: ReadonlyMap<string, RowState>;
  readonly language: Language;
  readonly open: ReadonlySet<string>;
}

function groupView(group: GroupId, checks: readonly Check[], drawing: Drawing): HTMLElement {
  const heading = `group-${group}`;
  const rows = checks
    .filter((check) => check.group === group)
    .map((check) => element("li", {}, rowView(check, drawing)));
  return element(
    "section",
    { class: "group", "aria-labelledby": heading },
    element("h2", { id: heading }, GROUPS[group][drawing.language]),
    element("ol", {}, ...rows),
  );
}

/** Redraws one line and leaves the others, so that focus and scrolling stay. */
export function redrawRow(check: Check, drawing: Omit<Drawing, "open">): void {
  const old = document.getElementById(rowId(check));
  if (!old) return;
  const hadFocus = old.contains(document.activeElement);
  const fresh = rowView(check, {
    ...drawing,
    open: new Set(old.hasAttribute("open") ? [old.id] : []),
  });
  old.replaceWith(fresh);
  if (hadFocus) fresh.querySelector("summary")?.focus();
}

function rowView(check: Check, { states, language, open }: Drawing): HTMLElement {
  const state = states.get(check.id) ?? "pending";
  const verdict = typeof state === "string" ? state : state.verdict;
  const id = rowId(check);
  return element(
    "details",
    {
      id,
      class: "row",
      "data-verdict": verdict,
      ...(isOpen(open, id, verdict) ? { open: "" } : {}),
    },
    element(
      "summary",
      {},
      element("span", { class: "mark", "aria-hidden": "true" }),
      element("span", { class: "name" }, check.title[language]),
      element("span", { class: "verdict" }, verdictText(state, language)),
    ),
    ...bodyOf(check, state, language),
  );
}

/** A red line opens by itself: its reader came for the remedy. */
function isOpen(open: ReadonlySet<string>, id: string, verdict: string): boolean {
  return open.has(id) || verdict === "red";
}

function verdictText(state: RowState, language: Language): string {
  if (state === "pending") return TEXTS.pending[language];
  if (state === "running") return TEXTS.now[language];
  return VERDICTS[state.verdict][language];
}

function bodyOf(check: Check, state: RowState, language: Language): HTMLElement[] {
  const source = element("p", { class: "source" }, `${check.id} · ${check.source}`);
  if (typeof state === "string")
    return [element("p", { class: "finding" }, TEXTS.details[language]), source];
  return [
    element("p", { class: "finding" }, state.finding[language]),
    ...(state.remedy ? [remedyView(state.remedy[language], language)] : []),
    ...state.exchanges.map((exchange) => exchangeView(exchange, language)),
    source,
  ];
}

function remedyView(text: string, language: Language): HTMLElement {
  return element(
    "p",
    { class: "remedy" },
    element("strong", {}, TEXTS.remedy[language]),
    element("span", {}, text),
  );
}

function rowId({ id }: Check): string {
  return `check-${id}`;
}
