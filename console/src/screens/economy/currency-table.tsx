import { useSearch } from "@tanstack/react-router";
import type { CurrencyEconomy } from "@newday/sdk/admin";
import { AnchorLink } from "../../components/anchor-link.tsx";
import { Amount } from "../../components/amount.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { ECONOMY_TEXTS } from "./economy-texts.ts";
import { Ratio } from "./ratio.tsx";

interface CurrencyTableProps {
  readonly currencies: readonly CurrencyEconomy[];
  readonly shown: string;
}

/** All currencies beside each other; each leads to its own figures. */
export function CurrencyTable({ currencies, shown }: CurrencyTableProps) {
  const texts = useTexts(ECONOMY_TEXTS);
  const search = useSearch({ from: "/signed-in/console/economy" });
  const amountOf = (name: "issued" | "sunk" | "held" | "fees") => ({
    header: texts[name],
    numeric: true,
    cell: (row: CurrencyEconomy) => <Amount of={row[name]} currency={row.currency} />,
  });
  return (
    <DataTable
      label={texts.currencies}
      rows={currencies}
      keyOf={({ currency }) => currency}
      columns={[
        {
          header: texts.currency,
          cell: ({ currency }) => (
            <AnchorLink
              to="/console/economy"
              search={{ ...search, currency, item: undefined }}
              fw={currency === shown ? 700 : 400}
              {...(currency === shown ? { "aria-current": "true" as const } : {})}
            >
              {currency}
            </AnchorLink>
          ),
        },
        amountOf("issued"),
        amountOf("sunk"),
        amountOf("held"),
        amountOf("fees"),
        {
          header: texts.velocity,
          numeric: true,
          cell: ({ velocity }) => <Ratio of={velocity} />,
        },
        {
          header: texts.inflation,
          numeric: true,
          cell: ({ inflation }) => <Ratio of={inflation} isShare />,
        },
        {
          header: texts.gini,
          numeric: true,
          cell: ({ concentration }) => <Ratio of={concentration.gini} />,
        },
      ]}
    />
  );
}
