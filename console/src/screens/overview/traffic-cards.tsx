import { Card, SimpleGrid, Text, Title } from "@mantine/core";
import { useMemo } from "react";
import type { Overview, TrafficMinute } from "@newday/sdk/admin";
import { Facts } from "../../components/facts.tsx";
import { CHART_COLORS, TimeChart, type ChartLine } from "../../components/time-chart.tsx";
import { useTexts } from "../../language/language-provider.tsx";

const TEXTS = {
  rate: { en: "Requests a minute", zh: "每分钟请求数" },
  requests: { en: "requests", zh: "请求" },
  refusals: { en: "refused (4xx)", zh: "被拒绝 (4xx)" },
  failures: { en: "failed (5xx)", zh: "失败 (5xx)" },
  latency: { en: "Latency in ms", zh: "延迟（毫秒）" },
  queue: { en: "Posting queue", zh: "记账队列" },
  depth: { en: "Waiting now", zh: "当前等待" },
  operations: { en: "Operations since the start", zh: "启动以来的操作数" },
  repeats: { en: "Batches repeated", zh: "重做的批次" },
  hour: {
    en: "Of the process that answers, in the last hour.",
    zh: "当前响应进程最近一小时的数据。",
  },
  time: { en: "Time", zh: "时间" },
  none: { en: "The first minute is not over yet.", zh: "第一分钟尚未结束。" },
} as const;

const [BLUE, ORANGE, , RED] = CHART_COLORS;

/** Rates, latency and queue of `GET /api/admin/overview`. */
export function TrafficCards({ overview }: { overview: Overview }) {
  const texts = useTexts(TEXTS);
  const { series, queue } = overview;
  return (
    <SimpleGrid cols={{ base: 1, lg: 3 }}>
      <SeriesCard
        title={texts.rate}
        series={series}
        lines={[
          [texts.requests, BLUE, "requests"],
          [texts.refusals, ORANGE, "refusals"],
          [texts.failures, RED, "failures"],
        ]}
      />
      <SeriesCard
        title={texts.latency}
        series={series}
        lines={[
          ["p50", BLUE, "p50Ms"],
          ["p99", ORANGE, "p99Ms"],
        ]}
      />
      <Card withBorder component="section" className="section">
        <Title order={2} size="h4">
          {texts.queue}
        </Title>
        <Facts
          of={[
            [texts.depth, queue.depth],
            [texts.operations, queue.operations],
            [texts.repeats, queue.repeats],
          ]}
        />
        <Text size="sm" c="dimmed">
          {texts.hour}
        </Text>
      </Card>
    </SimpleGrid>
  );
}

type Measure = Exclude<keyof TrafficMinute, "minute">;

interface SeriesCardProps {
  readonly title: string;
  readonly series: readonly TrafficMinute[];
  readonly lines: readonly (readonly [label: string, color: string, measure: Measure])[];
}

function SeriesCard({ title, series, lines }: SeriesCardProps) {
  const texts = useTexts(TEXTS);
  const drawn = useMemo(
    () => ({
      times: series.map(({ minute }) => Date.parse(minute) / 1000),
      lines: lines.map(([label, color, measure]): ChartLine => ({
        label,
        color,
        values: series.map((minute) => minute[measure]),
      })),
    }),
    [series, lines],
  );
  return (
    <Card withBorder component="section" className="section">
      <Title order={2} size="h4">
        {title}
      </Title>
      {series.length === 0 ? (
        <Text c="dimmed">{texts.none}</Text>
      ) : (
        <TimeChart label={title} timeLabel={texts.time} step="minute" {...drawn} />
      )}
    </Card>
  );
}
