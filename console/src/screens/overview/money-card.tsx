import { Text } from "@mantine/core";
import type { CurrencyEconomy, Overview } from "@newday/sdk/admin";
import { Amount } from "../../components/amount.tsx";
import { AnchorLink } from "../../components/anchor-link.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import { useTexts } from "../../language/language-provider.tsx";

const TEXTS = {
  title: { en: "Money of the last thirty days", zh: "最近三十天的资金" },
  currency: { en: "Currency", zh: "币种" },
  issued: { en: "Issued", zh: "已发行" },
  sunk: { en: "Sunk", zh: "已回收" },
  held: { en: "Held now", zh: "当前持有" },
  platforms: { en: "Held by platform", zh: "各平台持有" },
  none: {
    en: "No money yet. Figures begin with the first posting.",
    zh: "还没有任何资金。首次入账后即有数据。",
  },
} as const;

/** What was issued and sunk, and who holds it; the economy has the charts. */
export function MoneyCard({ overview: { economy } }: { overview: Overview }) {
  const texts = useTexts(TEXTS);
  const flowOf = (name: "issued" | "sunk") => ({
    header: texts[name],
    numeric: true,
    cell: ({ currency, period }: CurrencyEconomy) => (
      <Amount of={period[name]} currency={currency} />
    ),
  });
  return (
    <SectionCard title={texts.title} empty={economy.currencies.length === 0 && texts.none}>
      <DataTable
        label={texts.title}
        rows={economy.currencies}
        keyOf={({ currency }) => currency}
        columns={[
          {
            header: texts.currency,
            cell: ({ currency }) => (
              <AnchorLink to="/console/economy" search={{ currency }} inherit>
                {currency}
              </AnchorLink>
            ),
          },
          flowOf("issued"),
          flowOf("sunk"),
          {
            header: texts.held,
            numeric: true,
            cell: ({ currency, held }) => <Amount of={held} currency={currency} />,
          },
          { header: texts.platforms, cell: (row) => <HeldByPlatform of={row} /> },
        ]}
      />
    </SectionCard>
  );
}

function HeldByPlatform({ of: { currency, platforms } }: { of: CurrencyEconomy }) {
  return (
    <div>
      {platforms.map(({ platform, held }) => (
        <Text key={platform} size="sm">
          {platform} <Amount of={held} currency={currency} />
        </Text>
      ))}
    </div>
  );
}
