import { Alert, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { CurrencyEconomy, Economy } from "@newday/sdk/admin";
import { adminQuery } from "../../api/queries.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Page } from "../../components/page.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { CurrencyFigures } from "./currency-figures.tsx";
import { CurrencyTable } from "./currency-table.tsx";
import { EconomyFilter } from "./economy-filter.tsx";
import { ECONOMY_TEXTS } from "./economy-texts.ts";
import { FlowCharts } from "./flow-charts.tsx";
import { HolderTable } from "./holder-table.tsx";
import { PlatformTable } from "./platform-table.tsx";
import { PriceCards } from "./price-cards.tsx";

const REFRESH_MS = 15_000;
const DAY_MS = 86_400_000;
const DAYS_DEFAULT = 30;

/** `GET /api/admin/economy` of one currency, and where it stands among the others. */
export function EconomyScreen() {
  const texts = useTexts(ECONOMY_TEXTS);
  const { platform, days } = useSearch({ from: "/signed-in/console/economy" });
  const query = useQuery({
    ...adminQuery("getEconomy", { query: { platform, ...periodOf(Number(days ?? DAYS_DEFAULT)) } }),
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  });
  return (
    <Page title={texts.title} intro={texts.intro}>
      <EconomyFilter />
      <Loaded query={query}>{(economy) => <Figures economy={economy} />}</Loaded>
    </Page>
  );
}

/** The first day; the last is today. */
function periodOf(days: number): { readonly from: string } {
  return { from: new Date(Date.now() - (days - 1) * DAY_MS).toISOString().slice(0, 10) };
}

function Figures({ economy }: { economy: Economy }) {
  const texts = useTexts(ECONOMY_TEXTS);
  const { currency: wanted, platform } = useSearch({ from: "/signed-in/console/economy" });
  const { currencies } = economy;
  const shown = currencies.find(({ currency }) => currency === wanted) ?? currencies[0];
  if (!shown)
    return (
      <EmptyState title={texts.emptyTitle}>{platform ? texts.emptyScope : texts.empty}</EmptyState>
    );
  return (
    <>
      <HowRecent economy={economy} />
      <CurrencyTable currencies={currencies} shown={shown.currency} />
      <OneCurrency of={shown} />
    </>
  );
}

function OneCurrency({ of: shown }: { of: CurrencyEconomy }) {
  return (
    <>
      <CurrencyFigures of={shown} />
      <FlowCharts of={shown} />
      <PlatformTable of={shown} />
      <HolderTable currency={shown.currency} />
      <PriceCards currency={shown.currency} />
    </>
  );
}

/** A worker counts behind the postings. */
function HowRecent({ economy: { asOf, behind, complete, period } }: { economy: Economy }) {
  const texts = useTexts(ECONOMY_TEXTS);
  return (
    <>
      {!complete && <Alert color="yellow">{texts.incomplete}</Alert>}
      <Text size="sm" c="dimmed">
        {fillText(texts.period, period)}. {texts.asOf} <Moment at={asOf} />
        {behind === "0" ? "" : `; ${fillText(texts.behind, { count: behind })}`}
      </Text>
    </>
  );
}
