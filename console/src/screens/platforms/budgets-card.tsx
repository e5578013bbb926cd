import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ManagedBudget } from "@newday/sdk/admin";
import { adminQuery } from "../../api/queries.ts";
import { useAddressChange } from "../../components/address.ts";
import { Amount } from "../../components/amount.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { PLATFORMS_TEXTS } from "./platforms-texts.ts";

/** `GET /api/admin/budgets` of one platform. */
export function BudgetsCard({ platform }: { platform: string }) {
  const texts = useTexts(PLATFORMS_TEXTS);
  const change = useAddressChange();
  const query = useQuery(adminQuery("listBudgets", {}));
  return (
    <SectionCard
      title={texts.budgets}
      actions={
        <Button size="compact-sm" variant="default" onClick={() => change({ act: "set-budget" })}>
          {texts.setBudget}
        </Button>
      }
    >
      <Text size="sm" c="dimmed">
        {texts.budgetsIntro}
      </Text>
      <Loaded query={query}>
        {({ data }) => <Budgets budgets={data.filter((row) => row.platform === platform)} />}
      </Loaded>
    </SectionCard>
  );
}

function Budgets({ budgets }: { budgets: readonly ManagedBudget[] }) {
  const texts = useTexts(PLATFORMS_TEXTS);
  const change = useAddressChange();
  if (budgets.length === 0) return <Text size="sm">{texts.noBudgets}</Text>;
  const boundOf = (name: "perDay" | "total") => ({
    header: texts[name],
    numeric: true,
    cell: (row: ManagedBudget) => <Bound of={row[name]} currency={row.currency} />,
  });
  return (
    <DataTable
      label={texts.budgets}
      rows={budgets}
      keyOf={({ currency }) => currency}
      columns={[
        { header: texts.currency, cell: ({ currency }) => currency },
        boundOf("perDay"),
        {
          header: texts.today,
          numeric: true,
          cell: (row) => <Amount of={row.issuedToday} currency={row.currency} />,
        },
        boundOf("total"),
        {
          header: texts.issued,
          numeric: true,
          cell: (row) => <Amount of={row.issued} currency={row.currency} />,
        },
        {
          header: texts.acts,
          cell: ({ currency }) => (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`${texts.removeBudget} ${currency}`}
              onClick={() => change({ act: "remove-budget", id: currency })}
            >
              {texts.removeBudget}
            </Button>
          ),
        },
      ]}
    />
  );
}

function Bound({ of, currency }: { of: string | null; currency: string }) {
  const texts = useTexts(PLATFORMS_TEXTS);
  return of === null ? <span>{texts.unlimited}</span> : <Amount of={of} currency={currency} />;
}
