/** One request and its answer, arranged for people. */
import { showMs } from "../checks/latency.ts";
import { parseJson } from "../checks/json.ts";
import type { Exchange, Language } from "../checks/model.ts";
import { element } from "./dom.ts";
import { TEXTS } from "./texts.ts";

/** Headers of the transport, irrelevant to the answer. */
const TRANSPORT_HEADERS = new Set(["connection", "keep-alive", "transfer-encoding", "date"]);

export function exchangeView(exchange: Exchange, language: Language): HTMLElement {
  const { method, url, origin, status, fault, milliseconds } = exchange;
  const outcome = fault === undefined ? String(status) : TEXTS.noAnswer[language];
  return element(
    "section",
    { class: "exchange" },
    element(
      "h4",
      {},
      element("code", { class: "method" }, method),
      element("code", { class: "url" }, pathOf(url)),
      origin === "null" ? element("span", { class: "tag" }, TEXTS.nullOrigin[language]) : undefined,
      element("span", { class: "status" }, `${outcome} · ${showMs(milliseconds)} ms`),
    ),
    block(TEXTS.request[language], requestText(exchange)),
    block(TEXTS.answer[language], fault ?? answerText(exchange)),
  );
}

function block(label: string, text: string): HTMLElement | undefined {
  if (text === "") return undefined;
  const attributes = { tabindex: "0", role: "region", "aria-label": label };
  return element("div", {}, element("h5", {}, label), element("pre", attributes, text));
}

function requestText({ method, url, requestHeaders, requestBody }: Exchange): string {
  const headers = Object.entries(requestHeaders).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${url}`, ...headers, ...(requestBody ? ["", pretty(requestBody)] : [])].join(
    "\n",
  );
}

function answerText({ status, responseHeaders, responseBody }: Exchange): string {
  const headers = Object.entries(responseHeaders)
    .filter(([name]) => !TRANSPORT_HEADERS.has(name))
    .map(([name, value]) => `${name}: ${value}`);
  // The body first: readers look for it, and the headers of CORS are long.
  return [String(status), ...(responseBody ? [pretty(responseBody), ""] : []), ...headers].join(
    "\n",
  );
}

/** Text that is cut, or other than JSON, is shown as it came. */
function pretty(text: string): string {
  const value = parseJson(text);
  return value === undefined ? text : JSON.stringify(value, undefined, 2);
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}
