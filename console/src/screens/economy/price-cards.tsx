import { Card, SimpleGrid, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Price } from "@newday/sdk/admin";
import { adminQuery } from "../../api/queries.ts";
import { useScales } from "../../api/currencies.ts";
import { AnchorLink } from "../../components/anchor-link.tsx";
import { Amount, drawnAmount } from "../../components/amount.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { CHART_COLORS, TimeChart } from "../../components/time-chart.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { ECONOMY_TEXTS } from "./economy-texts.ts";

/** A page of the newest days holds the types that are traded now; one type's page a good quarter. */
const ROWS = 100;

/** `GET /api/admin/economy/prices`: the types that were sold last, and the history of one. */
export function PriceCards({ currency }: { currency: string }) {
  const texts = useTexts(ECONOMY_TEXTS);
  const { item } = useSearch({ from: "/signed-in/console/economy" });
  const newest = useQuery(adminQuery("listPrices", { query: { currency, limit: ROWS } }));
  return (
    <Card withBorder component="section" className="section">
      <div>
        <Title order={3} size="h4">
          {texts.prices}
        </Title>
        <Text size="sm" c="dimmed">
          {texts.pricesIntro}
        </Text>
      </div>
      <Loaded query={newest}>
        {({ data }) => {
          const latest = newestOfEach(data);
          const shown = item ?? latest[0]?.itemType;
          if (shown === undefined)
            return <EmptyState title={texts.noPrices}>{texts.noPricesHint}</EmptyState>;
          return (
            <SimpleGrid cols={{ base: 1, lg: 2 }}>
              <PriceTable prices={latest} shown={shown} />
              <PriceHistory currency={currency} item={shown} />
            </SimpleGrid>
          );
        }}
      </Loaded>
    </Card>
  );
}

/** Days come newest first. */
function newestOfEach(prices: readonly Price[]): Price[] {
  const byType = new Map<string, Price>();
  for (const price of prices) if (!byType.has(price.itemType)) byType.set(price.itemType, price);
  return [...byType.values()];
}

function PriceTable({ prices, shown }: { prices: readonly Price[]; shown: string }) {
  const texts = useTexts(ECONOMY_TEXTS);
  const search = useSearch({ from: "/signed-in/console/economy" });
  const amountOf = (name: "average" | "low" | "high") => ({
    header: texts[name],
    numeric: true,
    cell: (price: Price) => <Amount of={wholeOf(price[name])} currency={price.currency} />,
  });
  return (
    <DataTable
      label={texts.prices}
      rows={prices}
      keyOf={({ itemType }) => itemType}
      columns={[
        {
          header: texts.item,
          cell: ({ itemType }) => (
            <AnchorLink
              to="/console/economy"
              search={{ ...search, item: itemType }}
              fw={itemType === shown ? 700 : 400}
            >
              {itemType}
            </AnchorLink>
          ),
        },
        { header: texts.time, cell: ({ day }) => day },
        { header: texts.pieces, numeric: true, cell: ({ pieces }) => pieces },
        amountOf("average"),
        amountOf("low"),
        amountOf("high"),
      ]}
    />
  );
}

/** An average has a fraction of a minor unit, which no amount shows. */
function wholeOf(decimal: string): string {
  return decimal.split(".")[0] ?? "0";
}

function PriceHistory({ currency, item }: { currency: string; item: string }) {
  const query = useQuery(
    adminQuery("listPrices", { query: { currency, type: item, limit: ROWS } }),
  );
  return (
    <Loaded query={query}>
      {({ data }) => <PriceChart prices={data} currency={currency} item={item} />}
    </Loaded>
  );
}

interface PriceChartProps {
  readonly prices: readonly Price[];
  readonly currency: string;
  readonly item: string;
}

function PriceChart({ prices, currency, item }: PriceChartProps) {
  const texts = useTexts(ECONOMY_TEXTS);
  const scale = useScales()?.get(currency) ?? 0;
  const title = fillText(texts.priceChart, { item });
  const drawn = useMemo(() => {
    const days = prices.toReversed();
    return {
      times: days.map(({ day }) => Date.parse(day) / 1000),
      lines: (["average", "low", "high"] as const).map((name, at) => ({
        label: texts[name],
        color: CHART_COLORS[at] ?? CHART_COLORS[0],
        values: days.map((price) => drawnAmount(price[name], scale)),
      })),
    };
  }, [prices, scale, texts]);
  if (prices.length === 0) return <Text c="dimmed">{texts.noPrices}</Text>;
  return (
    <div>
      <Text fw={600}>{title}</Text>
      <TimeChart label={title} timeLabel={texts.time} step="day" {...drawn} />
    </div>
  );
}
