/** The latencies of a run as a small bar chart with lines at the median and the 95th percentile. */
import { showMs } from "../checks/latency.ts";
import type { Language, LatencySummary } from "../checks/model.ts";
import { element, svg } from "./dom.ts";
import { TEXTS } from "./texts.ts";

/** Stretched to the width of the page; words stand outside, where stretching leaves them alone. */
const WIDTH = 100;
const HEIGHT = 100;
const HEADROOM = 4;

export function latencyChart(latency: LatencySummary, language: Language): readonly Element[] {
  const figures = [
    { name: "median", label: TEXTS.median[language], ms: latency.medianMs },
    { name: "p95", label: "P95", ms: latency.p95Ms },
    { name: "slowest", label: TEXTS.slowest[language], ms: latency.maxMs },
  ].map(({ name, label, ms }) => ({ name, text: `${label} ${showMs(ms)} ms` }));
  const label = `${TEXTS.latency[language]}: ${figures.map(({ text }) => text).join(", ")}`;
  const legend = figures.map(({ name, text }) => element("span", { class: name }, text));
  return [picture(latency, label), element("p", { class: "legend" }, ...legend)];
}

function picture({ samplesMs, medianMs, p95Ms, maxMs }: LatencySummary, label: string): SVGElement {
  // The square root keeps one slow request from flattening all the others.
  const heightOf = (ms: number): number => Math.sqrt(ms / (maxMs || 1)) * (HEIGHT - HEADROOM);
  const step = WIDTH / Math.max(1, samplesMs.length);
  const bars = samplesMs.map((ms, at) =>
    svg("rect", {
      class: ms > p95Ms ? "bar slow" : "bar",
      x: (at * step).toFixed(3),
      width: (step * 0.8).toFixed(3),
      y: (HEIGHT - heightOf(ms)).toFixed(2),
      height: Math.max(1, heightOf(ms)).toFixed(2),
    }),
  );
  const rule = (name: string, ms: number): SVGElement => {
    const y = (HEIGHT - heightOf(ms)).toFixed(2);
    return svg("line", { class: `rule ${name}`, x1: 0, x2: WIDTH, y1: y, y2: y });
  };
  return svg(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": label,
      class: "chart",
    },
    ...bars,
    rule("median", medianMs),
    rule("p95", p95Ms),
  );
}
