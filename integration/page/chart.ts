/** The latencies of a run as a small bar chart with lines at the median and the 95th percentile. */
import { showMs } from "../checks/latency.ts";
import type { Language, LatencySummary } from "../checks/model.ts";
import { svg } from "./dom.ts";
import { TEXTS } from "./texts.ts";

const WIDTH = 720;
const HEIGHT = 120;
const LABEL_ROOM = 96;

export function latencyChart(latency: LatencySummary, language: Language): SVGElement {
  const { samplesMs, medianMs, p95Ms, maxMs } = latency;
  const plot = WIDTH - LABEL_ROOM;
  // The square root keeps one slow request from flattening all the others.
  const heightOf = (ms: number): number => Math.sqrt(ms / (maxMs || 1)) * (HEIGHT - 16);
  const step = plot / Math.max(1, samplesMs.length);
  const bars = samplesMs.map((ms, at) =>
    svg("rect", {
      class: ms > p95Ms ? "bar slow" : "bar",
      x: (at * step).toFixed(2),
      width: Math.max(0.5, step * 0.8).toFixed(2),
      y: (HEIGHT - heightOf(ms)).toFixed(2),
      height: Math.max(1, heightOf(ms)).toFixed(2),
    }),
  );
  const label =
    `${TEXTS.latency[language]}: ${TEXTS.median[language]} ${showMs(medianMs)} ms, ` +
    `P95 ${showMs(p95Ms)} ms, ${TEXTS.slowest[language]} ${showMs(maxMs)} ms`;
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label, class: "chart" },
    ...bars,
    ...rule(`${TEXTS.median[language]} ${showMs(medianMs)} ms`, HEIGHT - heightOf(medianMs)),
    ...rule(`P95 ${showMs(p95Ms)} ms`, labelHeight(HEIGHT - heightOf(p95Ms), medianMs, heightOf)),
  );
}

/** Keeps the two labels from lying on each other when the percentiles are close. */
function labelHeight(y: number, medianMs: number, heightOf: (ms: number) => number): number {
  return Math.min(y, HEIGHT - heightOf(medianMs) - 16);
}

function rule(label: string, y: number): SVGElement[] {
  const right = WIDTH - LABEL_ROOM;
  return [
    svg("line", { class: "rule", x1: 0, x2: right, y1: y.toFixed(2), y2: y.toFixed(2) }),
    svg("text", { class: "label", x: right + 6, y: (y + 4).toFixed(2) }, label),
  ];
}
