import { useEffect, useRef } from "react";
import UPlot from "uplot";
import { useLanguage } from "../language/language-provider.tsx";
import { LOCALES } from "./moment.tsx";

export interface ChartLine {
  readonly label: string;
  readonly color: string;
  readonly values: readonly number[];
}

/** Minutes are the reader's; a day of the server is a UTC day everywhere. */
export type ChartStep = "minute" | "day";

interface TimeChartProps {
  readonly label: string;
  readonly timeLabel: string;
  readonly step: ChartStep;
  /** Unix seconds, oldest first. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
}

/** Told apart by readers who see colours differently, too; in this order. */
export const CHART_COLORS = ["#4263eb", "#e8590c", "#2b8a3e", "#e03131"] as const;

const HEIGHT = 180;
const GRID = { stroke: "rgba(128, 128, 128, 0.25)", width: 1 };
const AXIS = { stroke: "#868e96", grid: GRID, ticks: GRID };
/** Room for a figure with its digits grouped. */
const FIGURES_WIDTH = 64;

const HOUR_S = 3_600;
const DAY_S = 86_400;

const SHOWN_TIMES: Readonly<Record<ChartStep, Intl.DateTimeFormatOptions>> = {
  minute: { timeStyle: "short" },
  day: { month: "short", day: "numeric", timeZone: "UTC" },
};

/** The whole hour, also while the process is younger; days as far as they go. */
function spanOf(times: readonly number[], step: ChartStep): [number, number] {
  const end = times.at(-1) ?? 0;
  if (step === "minute") return [end - HOUR_S, end];
  const begin = times[0] ?? 0;
  return begin === end ? [begin - DAY_S, end + DAY_S] : [begin, end];
}

/** A time series; its legend shows the figures under the pointer. */
export function TimeChart({ label, timeLabel, step, times, lines }: TimeChartProps) {
  const holder = useRef<HTMLDivElement>(null);
  const { language } = useLanguage();
  useEffect(() => {
    const element = holder.current;
    if (!element) return undefined;
    const time = new Intl.DateTimeFormat(LOCALES[language], SHOWN_TIMES[step]);
    const showTime = (seconds: number | null) =>
      seconds === null ? "–" : time.format(new Date(seconds * 1000));
    const figure = new Intl.NumberFormat(LOCALES[language], { notation: "compact" });
    const chart = new UPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        axes: [
          { ...AXIS, values: (_chart, ticks) => ticks.map(showTime), ...daysApart(step) },
          {
            ...AXIS,
            size: FIGURES_WIDTH,
            values: (_chart, ticks) => ticks.map((tick) => figure.format(tick)),
          },
        ],
        scales: {
          x: { range: () => spanOf(times, step) },
          y: { range: (_chart, low, high) => [Math.min(low, 0), Math.max(high, 1)] },
        },
        series: [
          { label: timeLabel, value: (_chart, seconds) => showTime(seconds) },
          ...lines.map((line) => ({
            label: line.label,
            stroke: line.color,
            width: 2,
            // A single day has no line to draw.
            points: { show: times.length === 1 },
          })),
        ],
      },
      [[...times], ...lines.map(({ values }) => [...values])],
      element,
    );
    const observer = new ResizeObserver(() =>
      chart.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [times, lines, timeLabel, step, language]);
  return <div ref={holder} role="img" aria-label={label} className="chart" />;
}

/** Ticks between two days would repeat the day. */
function daysApart(step: ChartStep): Pick<UPlot.Axis, "incrs"> {
  return step === "day" ? { incrs: [1, 2, 7, 14, 30, 60, 90].map((days) => days * DAY_S) } : {};
}
