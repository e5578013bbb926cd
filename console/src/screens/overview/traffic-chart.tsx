import { useEffect, useRef } from "react";
import UPlot from "uplot";

export interface ChartLine {
  readonly label: string;
  readonly color: string;
  readonly values: readonly number[];
}

interface TrafficChartProps {
  readonly label: string;
  readonly timeLabel: string;
  /** Unix seconds, oldest first. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
}

const HEIGHT = 180;
const GRID = { stroke: "rgba(128, 128, 128, 0.25)", width: 1 };
const AXIS = { stroke: "#868e96", grid: GRID, ticks: GRID };

const HOUR_S = 3_600;

/** The whole hour, also while the process is younger. */
function lastHour(times: readonly number[]): [number, number] {
  const end = times.at(-1) ?? 0;
  return [end - HOUR_S, end];
}

/** A time series of the last hour; its legend shows the figures under the pointer. */
export function TrafficChart({ label, timeLabel, times, lines }: TrafficChartProps) {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = holder.current;
    if (!element) return undefined;
    const chart = new UPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        axes: [AXIS, AXIS],
        scales: {
          x: { range: () => lastHour(times) },
          y: { range: (_chart, _low, high) => [0, Math.max(high, 1)] },
        },
        series: [
          { label: timeLabel },
          ...lines.map((line) => ({ label: line.label, stroke: line.color, width: 2 })),
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
  }, [times, lines, timeLabel]);
  return <div ref={holder} role="img" aria-label={label} className="chart" />;
}
