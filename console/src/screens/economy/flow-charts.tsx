import { Card, SimpleGrid, Text, Title } from "@mantine/core";
import { useMemo } from "react";
import type { CurrencyEconomy } from "@newday/sdk/admin";
import { useScales } from "../../api/currencies.ts";
import { Amount, drawnAmount } from "../../components/amount.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { CHART_COLORS, TimeChart } from "../../components/time-chart.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { ECONOMY_TEXTS } from "./economy-texts.ts";

type DayFigures = CurrencyEconomy["days"][number];
type Measure = "issued" | "sunk" | "fees" | "held" | "paid";

/** The days of the period as charts, and as a table for readers who cannot see them. */
export function FlowCharts({ of: { currency, days } }: { of: CurrencyEconomy }) {
  const texts = useTexts(ECONOMY_TEXTS);
  if (days.length === 0) return <Text c="dimmed">{texts.noDays}</Text>;
  return (
    <>
      <SimpleGrid cols={{ base: 1, lg: 3 }}>
        <DayChart
          title={texts.flows}
          currency={currency}
          days={days}
          measures={["issued", "sunk", "fees"]}
        />
        <DayChart title={texts.heldChart} currency={currency} days={days} measures={["held"]} />
        <DayChart title={texts.paidChart} currency={currency} days={days} measures={["paid"]} />
      </SimpleGrid>
      <details>
        <summary>{texts.figures}</summary>
        <DayTable currency={currency} days={days} />
      </details>
    </>
  );
}

interface DayChartProps {
  readonly title: string;
  readonly currency: string;
  readonly days: readonly DayFigures[];
  readonly measures: readonly Measure[];
}

function DayChart({ title, currency, days, measures }: DayChartProps) {
  const texts = useTexts(ECONOMY_TEXTS);
  const scale = useScales()?.get(currency) ?? 0;
  const names = measures.join();
  const drawn = useMemo(
    () => ({
      times: days.map(({ day }) => Date.parse(day) / 1000),
      lines: (names.split(",") as Measure[]).map((measure, at) => ({
        label: texts[measure],
        color: CHART_COLORS[at] ?? CHART_COLORS[0],
        values: days.map((day) => drawnAmount(day[measure], scale)),
      })),
    }),
    [days, names, scale, texts],
  );
  return (
    <Card withBorder component="section" className="section">
      <Title order={3} size="h4">
        {title}
      </Title>
      <TimeChart label={title} timeLabel={texts.time} step="day" {...drawn} />
    </Card>
  );
}

function DayTable({ currency, days }: Pick<DayChartProps, "currency" | "days">) {
  const texts = useTexts(ECONOMY_TEXTS);
  const measures: readonly Measure[] = ["issued", "sunk", "fees", "paid", "held"];
  return (
    <DataTable
      label={texts.figures}
      rows={days.toReversed()}
      keyOf={({ day }) => day}
      columns={[
        { header: texts.time, cell: ({ day }) => day },
        ...measures.map((measure) => ({
          header: texts[measure],
          numeric: true,
          cell: (row: DayFigures) => <Amount of={row[measure]} currency={currency} />,
        })),
      ]}
    />
  );
}
